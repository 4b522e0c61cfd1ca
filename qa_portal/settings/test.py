"""Settings of the tests: the developer's `.env` is ignored, passwords are hashed cheaply, letters stay in memory."""

import os
import tempfile
from pathlib import Path

os.environ["QA_IGNORE_ENV"] = "1"
os.environ.setdefault("SECRET_KEY", "tests-only-" + "x" * 50)
os.environ.setdefault("CELERY_DIR", tempfile.mkdtemp(prefix="qa-celery-"))
_tmp = Path(tempfile.mkdtemp(prefix="qa-media-"))

from .base import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = _tmp
SURVEY_KEY_DIR = f"{_tmp}/keys"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ACCOUNT_RATE_LIMITS = False
ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = True
LOGGING["root"]["level"] = "CRITICAL"  # noqa: F405
