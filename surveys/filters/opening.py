"""Filters of opening."""
