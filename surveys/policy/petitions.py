"""Numbers of petitions that a rector may change. The days rest on an act that we do not have: the clause is the office's."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_DAYS = _("days")

declare(
    "surveys.petition_days",
    15,
    low=1,
    high=60,
    unit=_("working days"),
    label=_("A petition is answered within, counted from its registration"),
    clause="",
)
declare(
    "surveys.petition_files",
    5,
    low=0,
    high=20,
    label=_("The most files that one petition may carry"),
    clause="portal",
)
declare(
    "surveys.petition_file_mb",
    10,
    low=1,
    high=50,
    unit=_("MB"),
    label=_("Largest file of a petition"),
    clause="portal",
)
declare(
    "surveys.petition_flood",
    60,
    low=5,
    high=10000,
    label=_("So many petitions from outside in ten minutes are taken for a flood and held up"),
    clause="portal",
)
declare(
    "surveys.petition_letters_a_day",
    20,
    low=1,
    high=1000,
    label=_("So often a day an author may write on to one petition"),
    clause="portal",
)
declare(
    "surveys.remind_petition_new",
    [1, 3],
    kind="ints",
    low=1,  # on the day itself the hour of the notice would be the hour of the author
    high=60,
    unit=_DAYS,
    label=_("Those who register are told of a petition not registered yet, in days after it came"),
    clause="",
)
declare(
    "surveys.remind_petition_word",
    [1],
    kind="ints",
    low=1,
    high=60,
    unit=_DAYS,
    label=_("Whoever answers is told of a word of an author without a name, in days after it came"),
    clause="",
)
declare(
    "surveys.remind_petition_owner",
    [-5, -1, 1],
    kind="ints",
    low=-60,
    high=60,
    unit=_DAYS,
    label=_("Whoever answers a petition is reminded, in days after the deadline (minus: before)"),
    clause="",
)
declare(
    "surveys.remind_petition_office",
    [1, 5],
    kind="ints",
    low=-60,
    high=120,
    unit=_DAYS,
    label=_("Those who register are told of an overdue petition, in days after the deadline"),
    clause="",
)
