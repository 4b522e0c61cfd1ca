from ..views import appeals

urlpatterns: list = [*appeals.AcademicAppealPages().urls(), *appeals.AppealReportPages().urls()]
