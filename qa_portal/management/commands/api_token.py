"""`manage.py api_token`: a new API token for a person, shown once."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qa_portal.people.models import ApiToken, Person


class Command(BaseCommand):
    help = "Makes an API token and prints it alone on the last line; only its hash is kept, so it is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--scope", choices=ApiToken.Scope.values, default=ApiToken.Scope.READ.value, help="read (default) or write"
        )
        parser.add_argument("--days", type=int, help="how many days it holds; without it until it is withdrawn")

    def handle(self, *args: Any, **options: Any) -> None:
        username, days = options["username"], options["days"]
        person = Person.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"There is no person with the username “{username}”.")
        if not person.is_active:
            raise CommandError(f"“{username}” is not active, so a token would open nothing.")
        if days is not None and not 1 <= days <= 3650:
            raise CommandError("A token holds from 1 to 3650 days.")
        expiry = datetime.timedelta(days=days) if days else None
        _row, token = ApiToken.objects.create(user=person, expiry=expiry, scope=options["scope"])
        self.stdout.write(token)
