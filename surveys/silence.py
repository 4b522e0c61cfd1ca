"""What the log must not say of those who answer and of those who write without a name: no person, address, browser.

django-structlog binds them to each line of a request; at these addresses they are taken off again before anything is written.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog import signals

PLACES = ("/answer/", "/public/petitions/")
#: all that would lead to somebody; the number of the request stays: it is random and made anew for each
NAMES = ("user_id", "ip", "correlation_id")


def hush(sender: Any, request: HttpRequest, log_kwargs: dict[str, Any], **kwargs: Any) -> None:
    if request.path.startswith(PLACES):
        structlog.contextvars.unbind_contextvars(*NAMES)
        log_kwargs.pop("user_agent", None)
        log_kwargs["request"] = f"{request.method} {request.path}"  # without what stands behind "?"


def begin() -> None:
    for signal in (
        signals.bind_extra_request_metadata,
        signals.bind_extra_request_finished_metadata,
        signals.bind_extra_request_failed_metadata,
    ):
        signal.connect(hush, dispatch_uid="surveys.silence")
