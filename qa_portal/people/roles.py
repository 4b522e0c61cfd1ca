"""The roles that an office gives (domain.md §3). A role is a fact in a row: person, role, unit, from, to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    BOARD = "board", _("Member of the Board")
    BOARD_CHAIR = "board_chair", _("Chair of the Board")
    RECTOR = "rector", _("Head of the university")
    QUALITY_REPRESENTATIVE = "quality_representative", _("Quality representative")
    COUNCIL_SECRETARY = "council_secretary", _("Secretary of the Academic Council")
    COUNCIL_MEMBER = "council_member", _("Member of the Academic Council")
    QUALITY_MANAGER = "quality_manager", _("Quality manager")
    ASB_OFFICER = "asb_officer", _("Quality office (ASB)")
    UNIT_HEAD = "unit_head", _("Head of unit")
    QUALITY_COORDINATOR = "quality_coordinator", _("Unit quality coordinator")
    PROGRAMME_HEAD = "programme_head", _("Programme head")
    AUDITOR = "auditor", _("Internal auditor")
    HR = "hr", _("Human resources")
    LEGAL = "legal", _("Legal office")
    PR = "pr", _("Public relations")
    CPD_INSTITUTE = "cpd_institute", _("Institute of further education")
    TEACHHUB_COORDINATOR = "teachhub_coordinator", _("TeachHub coordinator")
    MENTOR = "mentor", _("Mentor")
    RECOGNITION_SECRETARY = "recognition_secretary", _("Secretary of the recognition commission")
    APPEAL_PANEL = "appeal_panel", _("Member of the appeal panel")
    EXTERNAL_EXPERT = "external_expert", _("External expert")
    COMPLIANCE = "compliance", _("Compliance officer")
    CHANCELLERY = "chancellery", _("Chancellery")
    CAREER_CENTRE = "career_centre", _("Career centre")
    ALUMNI_CLUB = "alumni_club", _("Alumni club")
    SPECIAL_NEEDS = "special_needs", _("Named for learners with special needs")
    STUDENT = "student", _("Student with a seat")
    ADMINISTRATOR = "administrator", _("Administrator")


#: they see every finding, plan and action (contract.md, "Who sees findings, plans, actions")
SEE_EVERYTHING = frozenset(
    {
        Role.BOARD,
        Role.BOARD_CHAIR,
        Role.RECTOR,
        Role.QUALITY_REPRESENTATIVE,
        Role.COUNCIL_SECRETARY,
        Role.QUALITY_MANAGER,
        Role.ASB_OFFICER,
        Role.ADMINISTRATOR,
    }
)
#: the quality office: verifies, closes, cancels
QUALITY_OFFICE = frozenset({Role.ASB_OFFICER, Role.QUALITY_MANAGER})
BOARD_ROLES = frozenset({Role.BOARD, Role.BOARD_CHAIR, Role.RECTOR})
#: who must have a second factor when the policy switch is on (N0 S7.K2)
SECOND_FACTOR_ROLES = frozenset({Role.ASB_OFFICER, Role.QUALITY_MANAGER, Role.HR, Role.ADMINISTRATOR})
EXPERT_ONLY = frozenset({Role.EXTERNAL_EXPERT})
