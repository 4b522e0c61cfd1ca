from ..views import indicators as views

sets, indicators = views.IndicatorSetPages(), views.IndicatorPages()

urlpatterns: list = [*sets.urls(), *indicators.urls()]
