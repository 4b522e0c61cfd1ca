"""Addresses that anybody opens, without signing in."""

from .reporting import public

urlpatterns = public
