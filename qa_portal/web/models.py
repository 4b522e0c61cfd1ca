"""The kit's only table: forms that were sent, so that a double click makes one record."""

from django.conf import settings
from django.db import models


class Submission(models.Model):
    """A form sent once: its one-time key and what it made. A second sending leads to the same record."""

    key = models.UUIDField(unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    url = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.key)
