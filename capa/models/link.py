"""ActionLink: a CAPA action also serves another record (a risk now; objectives and yearly plans of units later)."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qa_portal.permissions import NotNow
from qa_portal.web.addresses import address
from qa_portal.workflow.models import Record

from ..querysets import ActionLinkQuerySet
from .action import CapaAction


class ActionLink(Record):
    """One action serves one record; taken off with a reason, never deleted."""

    LINKED, CANCELLED = "linked", "cancelled"
    STATES = {
        LINKED: (_("Linked"), "done", "link"),
        CANCELLED: (_("Taken off"), "cancelled", "ban"),
    }
    SLUG = "link"

    state = models.CharField(_("state"), max_length=24, default=LINKED, editable=False)
    action = models.ForeignKey(CapaAction, models.PROTECT, verbose_name=_("action"), related_name="links")
    record_type = models.ForeignKey(ContentType, models.PROTECT, editable=False, related_name="+")
    record_id = models.PositiveBigIntegerField(editable=False)
    record = GenericForeignKey("record_type", "record_id")

    objects = ActionLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("link of an action")
        verbose_name_plural = _("links of actions")
        constraints = [
            models.UniqueConstraint(
                fields=["action", "record_type", "record_id"],
                condition=Q(state="linked"),
                name="action_linked_once",
            )
        ]
        indexes = [models.Index(fields=["record_type", "record_id"], name="links_of_record")]

    def __str__(self) -> str:
        return f"{self.action} → {self.record}"

    def lock_first(self) -> models.QuerySet | None:
        """The action: of two who link it at once the second finds it linked."""
        return CapaAction.objects.filter(pk=self.action_id)

    def before_adding(self) -> None:
        # As it stands under the lock: what it serves may have been closed since the page was opened.
        of = type(self.record)._base_manager.filter(pk=self.record_id).first()
        if not getattr(of, "is_live", True):
            raise NotNow(_("This record is closed: no action is linked to it any more."))
        if ActionLink.objects.linked().of(self.record).filter(action=self.action_id).exists():
            raise NotNow(_("This action is linked here already."))

    def get_absolute_url(self) -> str:
        return address("capa:link", self.pk)
