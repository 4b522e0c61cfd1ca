"""Reminders of answering."""
