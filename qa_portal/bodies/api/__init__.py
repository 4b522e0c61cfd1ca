"""REST of the room: each module brings its routes."""

from . import bodies, meetings, work

routes = [*bodies.routes, *meetings.routes, *work.routes]
