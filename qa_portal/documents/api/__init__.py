"""REST of the room: each module brings its routes."""

from . import acquaintance, evidence, library, upkeep

routes = [*library.routes, *evidence.routes, *acquaintance.routes, *upkeep.routes]
