"""REST of answering."""

routes: list = []
