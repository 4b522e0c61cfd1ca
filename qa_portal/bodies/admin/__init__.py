from . import bodies, meetings, work  # noqa: F401
