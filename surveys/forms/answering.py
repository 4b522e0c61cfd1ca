"""Forms of answering."""
