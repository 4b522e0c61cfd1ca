"""Reports of texts."""
