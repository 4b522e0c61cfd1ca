"""`manage.py load_catalogue`: the files of the catalogue become a new edition, if they say something new."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.loading import Outcome, load
from standards.reading import FOLDER, CatalogueError


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


class Command(BaseCommand):
    help = "Load the catalogue of standards: a new edition if the files say something new, otherwise nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="day", type=_day, metavar="YYYY-MM-DD", help="the day the edition comes into force (today)"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be added, changed and retired")
        parser.add_argument("--folder", type=Path, default=FOLDER, help="where frameworks.yaml and s01.yaml … are")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = load(options["folder"], day=options["day"], dry_run=options["dry_run"])
        except CatalogueError as error:
            raise CommandError("The catalogue was not loaded.\n" + "\n".join(error.problems)) from error
        for word, names in outcome.frameworks.items():
            if names:
                self.stdout.write(f"Frameworks and their clauses {word}: {len(names)}")
        if outcome.number is None:
            self.stdout.write("The catalogue is up to date: nothing changed.")
        else:
            self._tell(outcome, options["dry_run"])

    def _tell(self, outcome: Outcome, dry_run: bool) -> None:
        counts = ", ".join(f"{len(codes)} {word}" for word, codes in outcome.changes.items())
        head = "Would be edition" if dry_run else "Edition"
        self.stdout.write(f"{head} {outcome.number}, in force from {outcome.in_force_from}: {counts}.")
        for word, codes in outcome.changes.items():
            # The first edition adds everything: a list of all codes would tell nothing.
            if codes and outcome.number != 1:
                self.stdout.write(f"  {word}: {', '.join(codes)}")
