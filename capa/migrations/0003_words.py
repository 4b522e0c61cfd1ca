"""Search inside findings on PostgreSQL: a trigram index of what `icontains` compares (SQLite: qa_portal/web/words.py)."""

from django.db import migrations

MAKE = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX finding_words ON capa_finding USING gin (
    upper(number::text) gin_trgm_ops, upper(title::text) gin_trgm_ops, upper(description::text) gin_trgm_ops
);
ALTER INDEX finding_words ALTER COLUMN 1 SET STATISTICS 1000;
ALTER INDEX finding_words ALTER COLUMN 2 SET STATISTICS 1000;
ALTER INDEX finding_words ALTER COLUMN 3 SET STATISTICS 1000
"""
# The statistics: with the usual hundred samples a word of one finding in a thousand is taken for a frequent one, and
# PostgreSQL walks over the findings from the newest on until it has met enough of them.


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MAKE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS finding_words")


class Migration(migrations.Migration):
    dependencies = [("capa", "0002_initial")]
    operations = [migrations.RunPython(make, drop)]
