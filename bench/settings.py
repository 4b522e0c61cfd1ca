"""Settings of the benchmarks: the portal as it runs, with a second, small database and the bare pages beside it."""

import copy
import os
import tempfile
from pathlib import Path

os.environ["QA_IGNORE_ENV"] = "1"
os.environ.setdefault("SECRET_KEY", "bench-only-" + "x" * 50)
if "CELERY_DIR" not in os.environ:
    os.environ["CELERY_DIR"] = tempfile.mkdtemp(prefix="qa-bench-celery-")

from qa_portal.settings.base import *  # noqa: E402, F403

HERE = Path(__file__).parent
ROOT_URLCONF = "bench.urls"
# Two databases in one process, so that 1,000 and 100,000 rows can be measured turn by turn: noise hits both alike.
DATABASE_ROUTERS = ["bench.databases.Chosen"]
if "BENCH_SMALL_URL" in os.environ:
    DATABASES["small"] = {**copy.deepcopy(DATABASES["default"]), **env.db("BENCH_SMALL_URL")}  # noqa: F405
    if "OPTIONS" in DATABASES["default"]:  # noqa: F405
        DATABASES["small"]["OPTIONS"] = copy.deepcopy(DATABASES["default"]["OPTIONS"])  # noqa: F405
TEMPLATES = [  # noqa: F405
    *TEMPLATES,  # noqa: F405
    {
        "NAME": "bare",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
#: what `django-admin startproject` writes, with the login-required middleware: the bare limit runs behind these only
BARE_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# No collectstatic before a benchmark.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
ALLOWED_HOSTS = ["*"]
LOGGING["root"]["level"] = "CRITICAL"  # noqa: F405
