"""Reports of opening."""
