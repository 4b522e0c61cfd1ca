"""Reports of loop."""
