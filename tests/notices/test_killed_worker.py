"""A real process that sweeps reminders is killed with SIGKILL in the middle and started again: each letter once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from capa.models import CapaAction
from qa_portal.dates.models import DayOff
from qa_portal.notices.models import Letter, Notice, Reminded
from qa_portal.workflow.writing import door

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
ROWS = 12000
SWEEP = "import django; django.setup(); from qa_portal.notices import sweep; sweep.BATCH = 500; print('ready', flush=True); print(sweep.sweep(), flush=True)"


def start_sweep() -> subprocess.Popen:
    database = connection.settings_dict
    address = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "qa_portal.settings.test"}
    return subprocess.Popen([sys.executable, "-c", SWEEP], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_killed_in_the_middle_and_started_again(world):
    assert connection.vendor == "postgresql"
    assert settings.DATABASES["default"]["NAME"].startswith("test_")
    # whatever weekday it is: letters wait over days off
    DayOff.objects.create(day=timezone.localdate(), working=True, name="Жұмыс күні")
    plan = world.in_progress()
    pattern = plan.actions.get()
    due = timezone.localdate()
    with door("import"):
        CapaAction.objects.bulk_create(
            CapaAction(
                plan=plan,
                place=n + 2,
                state=CapaAction.IN_PROGRESS,
                text=f"Әрекет {n}",
                owner_id=(world.staff if n % 2 else world.staff2).pk if n < 2 else pattern.owner_id,
                unit=plan.unit,
                due=due,
                first_due=due,
                expected_proof="Хаттама",
            )
            for n in range(ROWS)
        )
    Notice.objects.all().delete()
    Letter.objects.all().delete()

    first = start_sweep()
    deadline = time.monotonic() + 60
    while not 0 < Reminded.objects.count() < ROWS:
        assert time.monotonic() < deadline, "the sweep was never in its middle"
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    sent = Reminded.objects.count()
    assert 0 < sent < ROWS * 2

    second = start_sweep()
    output, _none = second.communicate(timeout=120)
    assert second.returncode == 0, output

    rows = CapaAction.objects.filter(plan=plan, due=due)
    assert rows.count() == ROWS
    kind = ContentType.objects.get_for_model(CapaAction)
    told = Notice.objects.filter(kind="reminder", record_type=kind).values_list("record_id", flat=True)
    assert sorted(told) == sorted(rows.values_list("pk", flat=True))  # each row told once: none lost, none twice
    assert sorted(Letter.objects.filter(kind="reminders").values_list("person__username", flat=True)) == [
        "staff",
        "staff2",
    ]
