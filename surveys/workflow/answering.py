"""Workflow of answering."""
