"""Tasks of appeals."""
