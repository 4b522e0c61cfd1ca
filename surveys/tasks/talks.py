"""Tasks of talks."""
