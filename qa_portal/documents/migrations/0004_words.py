"""Search inside texts and titles on PostgreSQL (documents/words.py says why so; SQLite has its own, web/words.py)."""

from django.db import migrations

from qa_portal.documents.words import DROP, MAKE


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MAKE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_library")]
    operations = [migrations.RunPython(make, drop)]
