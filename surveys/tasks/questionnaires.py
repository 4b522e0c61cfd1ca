"""Tasks of questionnaires."""
