"""Permissions of answering."""
