from . import acquaintance, evidence, library, upkeep  # noqa: F401
