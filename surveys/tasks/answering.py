"""Tasks of answering."""
