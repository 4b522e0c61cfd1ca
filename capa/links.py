"""Pages of links: which action serves which other record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from qa_portal.web.cells import fact
from qa_portal.web.pages import RecordPages

from . import serving
from .filters import LinkFilters
from .forms import LinkForm
from .models import ActionLink
from .tables import LinkTable, served


class LinkPages(RecordPages):
    model = ActionLink
    slug, plural = "link", "links"
    title, kind = _("Links of actions"), _("Link of an action")
    lead = _("Actions that also serve a risk or another record besides their plan.")
    table, filters, form = LinkTable, LinkFilters, LinkForm
    add_label, added_from_register = _("Link an action"), False
    empty = _(
        "Here will stand which actions serve which risks. An action is linked on the page of the record it serves."
    )
    clause = "N2 §6.1"
    related = ("action__plan", "action__unit")

    def rows(self, person: Any) -> Any:
        return serving.with_records(super().rows(person))

    def heading(self, record: Any) -> tuple[str, str]:
        return record.action.number, served(record.record) or record.action.text

    def new(self, request: HttpRequest) -> ActionLink:
        return serving.link_to(serving.served(request.GET.get("to", ""), request.user))

    def after_adding(self, record: Any) -> str:
        return record.record.get_absolute_url()

    def aside(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        owner = record.created_by.get_full_name() if record.created_by else ""
        return [{"title": "", "rows": [fact(_("Linked by"), owner)]}]

    def links(self, record: Any, request: HttpRequest) -> list[dict[str, Any]]:
        found = [{"relation": _("Action"), "label": str(record.action), "url": record.action.get_absolute_url()}]
        of: Any = record.record
        if of is not None:
            # Who may not open the record that is served reads its kind and number only.
            seen = type(of).objects.visible_to(request.user).filter(pk=of.pk).exists()
            label = str(of) if seen else served(of)
            found.append({"relation": _("It serves"), "label": label, "url": of.get_absolute_url() if seen else ""})
        return found
