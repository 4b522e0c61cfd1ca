"""Tables of opening."""
