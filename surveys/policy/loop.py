"""Policy of loop."""
