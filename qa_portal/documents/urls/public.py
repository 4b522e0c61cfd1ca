"""Addresses that anybody opens, without signing in."""

from django.urls import path

from ..views.public import PublicDocument, PublicFile, PublicLibrary

urlpatterns = [
    path("", PublicLibrary.as_view(), name="public-documents"),
    path("<int:pk>/", PublicDocument.as_view(), name="public-document"),
    path("<int:pk>/file/", PublicFile.as_view(), name="public-document-file"),
]
