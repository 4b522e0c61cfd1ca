"""Refusals of the API: our exceptions become DRF's, in one shape."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions, status
from rest_framework.response import Response

from qa_portal.permissions import NotNow, Refused

from .forms import InputProblem


class Conflict(exceptions.APIException):
    """The right person at the wrong moment."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "not_now"


class _Handler(ExceptionHandler):
    """Our refusals become DRF's, so that every error has the same shape."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, Refused):
            return exceptions.PermissionDenied(str(exc.sentence))
        if isinstance(exc, NotNow):
            return Conflict(str(exc.sentence))
        if isinstance(exc, InputProblem):
            return exceptions.ValidationError(form_errors(exc.form))
        if isinstance(exc, DjangoValidationError):
            detail = exc.message_dict if hasattr(exc, "error_dict") else {"non_field_errors": exc.messages}
            return exceptions.ValidationError(
                {("non_field_errors" if k == "__all__" else k): v for k, v in detail.items()}
            )
        return super().convert_known_exceptions(exc)


def exception_handler(exc: Exception, context: Any) -> Response | None:
    return _Handler(exc, context).run()


def form_errors(form: Any) -> dict[str, Any]:
    return {
        ("non_field_errors" if name == "__all__" else name): [
            exceptions.ErrorDetail(message, code=error.code or "invalid")
            for error in errors.as_data()
            for message in error.messages
        ]
        for name, errors in form.errors.items()
    }
