"""What we promise: the eleven standards with all their parts, in dated editions."""
