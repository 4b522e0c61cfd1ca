"""`manage.py load_bodies`: kinds of collegial bodies, matters, and the bodies of the university that are not there yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from qa_portal.bodies.loading import load


class Command(BaseCommand):
    help = "Load kinds of bodies and matters and make the university's bodies. What the office has changed stays."

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = load()
        for word, codes in (("Matters", outcome.matters), ("Kinds", outcome.kinds), ("Bodies", outcome.bodies)):
            if codes:
                self.stdout.write(f"{word} added: {len(codes)} ({', '.join(codes)})")
        if outcome.differ:
            self.stdout.write(f"Changed by the office and left as they are: {', '.join(outcome.differ)}")
        if not (outcome.matters or outcome.kinds or outcome.bodies):
            self.stdout.write("Kinds and bodies are up to date: nothing was added.")
