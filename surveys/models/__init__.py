"""Questionnaires, campaigns, the ledger and the urn, texts, releases; petitions, appeals, course forms, talks.

`ballots` is loaded here and re-exported nowhere: only opening.py writes ballots, only release.py reads them.
"""

from . import ballots  # noqa: F401 - Django must know the table
from .appeals import AcademicAppeal, AppealMember, AppealReport
from .campaigns import Campaign, LetterOwed, RosterLine, Survey
from .course_forms import CourseForm
from .ledger import Envelope, Invitation, KeyOfficer, Respondent, UrnOpening
from .loop import LoopEntry, LoopLetter
from .petitions import Petition, PetitionFile, PetitionMessage
from .questionnaires import Audience, Checker, Designer, Item, Question, QuestionKind, Questionnaire, Scale, Section
from .releases import (
    Recommendation,
    Release,
    ReleaseIssue,
    ReleaseNode,
    ReleaseReceipt,
    TeacherReply,
)
from .talks import Talk, TalkQuote
from .texts import TextAnswer, TextCode, Theme

__all__ = [
    "AcademicAppeal", "AppealMember", "AppealReport", "Audience", "Campaign", "Checker", "CourseForm", "Designer",
    "Envelope", "Invitation", "Item", "LetterOwed", "KeyOfficer", "LoopEntry", "LoopLetter", "Petition", "PetitionFile", "PetitionMessage", "Question",
    "QuestionKind", "Questionnaire", "Recommendation", "Release", "ReleaseIssue", "ReleaseNode", "ReleaseReceipt", "Respondent",
    "RosterLine", "Scale", "Section", "Survey", "Talk", "TalkQuote", "TeacherReply", "TextAnswer", "TextCode", "Theme",
    "UrnOpening",
]  # fmt: skip
