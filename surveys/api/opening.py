"""REST of opening."""

routes: list = []
