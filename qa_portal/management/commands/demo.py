"""`manage.py demo`: loads the demo university with a year of history."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qa_portal.demo import loading
from qa_portal.demo.university import PASSWORD


class Command(BaseCommand):
    help = "Loads the demo university; only with DEMO=1, and only into a portal without other people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=["small"], default="small", help="how much data (one size so far)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loading.check_may_load()
        except loading.WillNotLoad as reason:
            raise CommandError(str(reason)) from None
        if loading.is_loaded():
            self.stdout.write("The demo university is there already: nothing was changed.")
        else:
            made = loading.load()
            self.stdout.write(
                "The demo university was made: " + ", ".join(f"{n} {what}" for what, n in made.items()) + "."
            )
        self._print_accounts()

    def _print_accounts(self) -> None:
        rows = loading.accounts()
        wide = max(len(name) for _username, name, _post in rows)
        self.stdout.write(f"\nAccounts (the password of each is “{PASSWORD}”):\n")
        for username, name, post in rows:
            self.stdout.write(f"  {username:<10} {name:<{wide}}  {post}")
