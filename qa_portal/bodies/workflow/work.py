"""Steps of what decisions and the quality manager set going: assignments, dispatches, requests, proposals."""

from . import advice, assignment, dispatch, request

__all__ = ["advice", "assignment", "dispatch", "request"]
