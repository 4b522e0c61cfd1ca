"""Settings. `base` reads the environment; the test runner uses `qa_portal.settings.test`."""

from .base import *  # noqa: F403
