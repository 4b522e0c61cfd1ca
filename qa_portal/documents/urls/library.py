from django.urls import path

from ..views.agreements import AgreementPages
from ..views.library import DocumentPages
from ..views.versions import ChangePages, VersionFile, VersionPages

urlpatterns = [
    path("versions/<int:pk>/file/", VersionFile.as_view(), name="version-file"),
    *DocumentPages().urls(),
    *VersionPages().urls(),
    *ChangePages().urls(),
    *AgreementPages().urls(),
]
