"""`manage.py load_instruments`: questions and questionnaires that come with the portal and are not there yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from standards.registers.reading import Outcome
from surveys.loading import load


class Command(BaseCommand):
    help = "Load the bank of questions and the questionnaires. What the office has changed stays."

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = Outcome()
        load(outcome)
        if outcome.made:
            self.stdout.write(f"Added questions and questionnaires: {len(outcome.made)}")
        for line in outcome.differs:
            self.stdout.write(f"Changed by the office and left as it is: {line}")
        if not outcome.made:
            self.stdout.write("Questions and questionnaires are up to date: nothing was added.")
