from ..views import mechanisms as views

mechanisms, years = views.MechanismPages(), views.MechanismYearPages()

urlpatterns: list = [*mechanisms.urls(), *years.urls()]
