"""Admin of opening."""
