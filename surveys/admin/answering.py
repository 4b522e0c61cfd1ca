"""Admin of answering."""
