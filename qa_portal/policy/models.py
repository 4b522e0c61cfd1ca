"""Dated overrides of policy numbers. Rows are added, never changed: that is their history."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import registry


class PolicyValue(models.Model):
    """From `valid_from` on, the number `key` has `value`; `reason` and `author` say why and who."""

    key = models.CharField(_("setting"), max_length=80)
    value = models.JSONField(_("value"))
    valid_from = models.DateField(_("valid from"))
    reason = models.TextField(_("reason"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("author"), related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)

    class Meta:
        ordering = ["key", "-valid_from", "-pk"]
        verbose_name = _("policy setting")
        verbose_name_plural = _("policy settings")

    def __str__(self) -> str:
        return f"{self.key} = {self.value} ({self.valid_from:%d.%m.%Y})"

    def clean(self) -> None:
        number = registry.declared().get(self.key)
        if number is None:
            raise ValidationError({"key": _("There is no such setting.")})
        problem = number.problem(self.value)
        if problem == "bounds":
            raise ValidationError(
                {
                    "value": _("Each number must be between %(low)s and %(high)s.")
                    % {"low": number.low, "high": number.high}
                }
            )
        if problem:
            raise ValidationError(
                {"value": _("Write it in the same form as the default: %(default)s.") % {"default": number.default}}
            )

    def save(self, *args: object, **kwargs: object) -> None:
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        registry.forget()
