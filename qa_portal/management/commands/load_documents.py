"""`manage.py load_documents`: kinds of documents and external acts that are not there yet; what is there stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qa_portal.documents.loading import FOLDER, LoadingError, load


class Command(BaseCommand):
    help = "Load kinds of documents and external acts: makes what is missing, tells what differs, changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be added and what differs")
        parser.add_argument("--folder", type=Path, default=FOLDER, help="where kinds.yaml and acts.yaml are")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = load(options["folder"], dry_run=options["dry_run"])
        except LoadingError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        word = "Would be added" if options["dry_run"] else "Added"
        for what, codes in (("kinds of documents", outcome.kinds), ("external acts", outcome.acts)):
            if codes:
                self.stdout.write(f"{word}: {len(codes)} {what} ({', '.join(codes)})")
        if outcome.differs:
            self.stdout.write(f"Other than in the files, left as it is: {len(outcome.differs)}")
            for line in outcome.differs:
                self.stdout.write(f"  {line}")
        if not (outcome.kinds or outcome.acts):
            self.stdout.write("Nothing to add: all kinds and acts are there.")
