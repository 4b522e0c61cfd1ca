"""`{% icon name %}`: a page shows some forty."""

from django import template

from qa_portal.web import cells

register = template.Library()
register.simple_tag(lambda name: cells.drawn_icon(name), name="icon")
