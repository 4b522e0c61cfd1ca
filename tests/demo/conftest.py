"""The demo university, loaded once for this folder's tests of one file and rolled back after them."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings


@pytest.fixture(scope="module")
def said(django_db_setup, django_db_blocker, tmp_path_factory):
    """What `manage.py demo` printed; the data is there as long as the file's tests run."""
    out = io.StringIO()
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(DEMO=True, MEDIA_ROOT=media), transaction.atomic():
        call_command("demo", scale="small", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)
