"""Reports of answering."""
