"""The words of a version's file, apart from the version so that lists stay light; filled in the background."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .library import Version


class VersionText(models.Model):
    """What was read out of the PDF or DOCX: for search, and for reading a DOCX in the page."""

    class Problem(models.TextChoices):
        """Why there is no text, or not all of it. Stored as a code, said in the reader's language."""

        PROTECTED = "protected", _("The file is protected by a password: its text cannot be searched.")
        SCANNED = "scanned", _("The file holds pictures of pages without text: its text cannot be searched.")
        BROKEN = "broken", _("The file is damaged: its text could not be read.")
        TOO_LONG = "too_long", _("The file is very long: only its first part can be searched.")
        OTHER_KIND = "other_kind", _("Only PDF and DOCX files are read for search.")
        UNFINISHED = "unfinished", _("The file has not been read to its end yet.")

    version = models.OneToOneField(Version, models.CASCADE, related_name="words")
    #: of the file it was read from: another file is read anew
    checksum = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    #: its words, each once, as search compares them (words.py); indexed on both databases
    sought = models.TextField(blank=True)
    problem = models.CharField(max_length=200, blank=True, choices=Problem.choices)
    #: how often reading was begun: a file on which the worker dies is given up
    tries = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("text of a version")
        verbose_name_plural = _("texts of versions")

    def __str__(self) -> str:
        return f"{self.version_id}"
