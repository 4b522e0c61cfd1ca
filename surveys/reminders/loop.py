"""Reminders of loop."""
