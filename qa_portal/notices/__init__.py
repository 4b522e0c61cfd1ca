"""Inbox, letters, reminders: how people are told."""
