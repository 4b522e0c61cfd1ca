from django.urls import path

from ..views.acquaintance import AcquaintancePages, PrintSheet

acquaintances = AcquaintancePages()

urlpatterns: list = [
    path("versions/<int:pk>/sheets/<slug:sheet>/", PrintSheet.as_view(), name="version-sheet"),
    *acquaintances.urls(),
]
