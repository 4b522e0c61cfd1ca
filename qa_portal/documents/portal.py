"""What documents hand to shared pages."""

from django.utils.translation import gettext_lazy as _

from qa_portal.web.registry import MenuItem, menu

from . import permissions, workflow  # noqa: F401 - declares rights and steps

menu(MenuItem("evidence", _("Evidence"), "documents:evidence-list", "paperclip", 50, lambda person: not person.standing.outsider))
