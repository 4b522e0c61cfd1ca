"""Reminders of texts."""
