"""Who runs a campaign, and who looks at it before it begins (domain.md §10; N1 §4.1.7–10)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qa_portal.people.roles import QUALITY_OFFICE, Role
from qa_portal.people.standing import free_principal
from qa_portal.permissions import allow, is_system, predicate
from standards.permissions.mechanism_speakers import committees_run

from ..querysets.campaigns import DESIGNING


# -- predicates ----------------------------------------------------------------------------------
def _runs_committee_of(person: Any, campaign: Any) -> bool:
    """Chairs a school committee, or keeps its minutes, and the courses are those of its school."""
    path = campaign.unit_path
    return bool(path) and any(path.startswith(of) for of in committees_run(person).values())


@predicate
def runs(person: Any, campaign: Any) -> bool:
    """The quality office; the school committee the courses of its school; alumni club and career centre their own."""
    standing = person.standing
    if standing.quality_office:
        return True
    if campaign.about_courses:
        return _runs_committee_of(person, campaign)
    designer = campaign.questionnaire.designer if campaign.questionnaire_id else ""
    return any(designer == of and standing.has(role) for role, of in DESIGNING.items())


@predicate
def may_begin_one(person: Any, campaign: Any) -> bool:
    """Before it is said what is asked of whom: whoever runs some kind of campaign."""
    if campaign.questionnaire_id:
        return runs(person, campaign)
    return person.standing.has(*QUALITY_OFFICE, *DESIGNING) or bool(committees_run(person))


def _checking(person: Any, campaign: Any) -> tuple[bool, int | None]:
    """Nobody who wrote it or its roster. About courses: the quality manager, or the quality representative."""
    standing = person.standing
    roles = (Role.QUALITY_MANAGER,) if campaign.about_courses else tuple(QUALITY_OFFICE)
    offices = standing.offices(*roles, Role.QUALITY_REPRESENTATIVE)
    return free_principal(person.pk, offices, {*campaign.authors, campaign.created_by_id}) if offices else (False, None)


@predicate
def checks(person: Any, campaign: Any) -> bool:
    return _checking(person, campaign)[0]


def checker(campaign: Any, person: Any) -> int | None:
    """In whose name this person checks it; for history."""
    return _checking(person, campaign)[1]


# -- rights ----------------------------------------------------------------------------------------
_RUNS = _(
    "A survey is run by the quality office; one about courses also by the committee of the school, those of graduates and "
    "employers also by the alumni club and the career centre."
)
_CHECKS = _(
    "A survey is checked by the quality office or the quality representative, one about courses by the quality manager, and "
    "never by somebody who prepared it."
)
_ITSELF = _("The portal does this itself.")
allow("surveys.add_campaign", may_begin_one, _RUNS)
allow("surveys.change_campaign", runs, _RUNS)
#: rosters are personal data: only those who run the campaign read them
allow("surveys.keep_roster_campaign", runs, _RUNS)
allow("surveys.submit_campaign", runs, _RUNS)
allow("surveys.check_campaign", checks, _CHECKS)
allow("surveys.send_back_campaign", checks | runs, _CHECKS)
allow("surveys.launch_campaign", runs, _RUNS)
allow("surveys.begin_campaign", is_system, _ITSELF)
allow("surveys.halt_campaign", is_system, _ITSELF)
allow("surveys.remind_campaign", runs, _RUNS)
allow("surveys.extend_campaign", runs, _RUNS)
allow("surveys.close_campaign", runs, _RUNS)
allow("surveys.cancel_campaign", runs, _RUNS)
