"""Filters of answering."""
