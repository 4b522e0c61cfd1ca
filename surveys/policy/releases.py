"""Numbers of the release rules. Their lower bounds are the promise of the page about anonymity: no rector goes below them."""

from django.utils.translation import gettext_lazy as _

from qa_portal.policy.registry import declare

_ANSWERS = _("answers")

declare(
    "surveys.k_inside",
    5,
    low=5,
    high=50,
    unit=_ANSWERS,
    label=_("Results inside the university are shown of groups with at least"),
    clause="N1 §4.1.7",
)
declare(
    "surveys.k_public",
    10,
    low=10,
    high=100,
    unit=_ANSWERS,
    label=_("Public results are shown of groups with at least"),
    clause="N1 §4.1.7",
)
declare(
    "surveys.k_texts",
    10,
    low=5,
    high=100,
    unit=_("texts"),
    label=_("Texts of an open question are shown when there are at least"),
    clause="N1 §4.1.7",
)
declare(
    "surveys.public_response",
    50,
    low=0,
    high=100,
    unit="%",
    label=_("Below this response results carry the word “indicative”"),
    clause="N1 §4.1.7",
)
declare(
    "surveys.small_group",
    20,
    low=20,
    high=100,
    unit=_ANSWERS,
    label=_("Below so many answers the mean has one decimal, shares are bands and single answers are not counted"),
    clause="N1 §4.1.7",
)
declare(
    "surveys.dominance",
    90,
    low=50,
    high=90,
    unit="%",
    label=_("Of a small group in which one answer has at least this share only a band is shown"),
    clause="N1 §4.1.7",
)
