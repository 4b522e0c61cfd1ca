"""`manage.py load_registers`: mechanisms, rules of duties and kinds of reports that are not there yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import translation

from standards.registers import duties, mechanisms, reporting
from standards.registers.reading import Outcome


class Command(BaseCommand):
    help = "Load mechanisms with their aims, rules of duties and kinds of reports. What the office has changed stays."

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = Outcome()
        # The plain columns beside those of the three languages hold Kazakh, whatever language the caller speaks.
        with translation.override("kk"), transaction.atomic():
            for room in (mechanisms, duties, reporting):
                room.load(outcome)
        if outcome.made:
            self.stdout.write(f"Added: {len(outcome.made)} ({', '.join(outcome.made)})")
        for line in outcome.differs:
            self.stdout.write(f"Changed by the office and left as it is: {line}")
        if not outcome.made:
            self.stdout.write("Mechanisms, duties and kinds of reports are up to date: nothing was added.")
