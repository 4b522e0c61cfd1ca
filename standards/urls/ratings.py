from ..views import ratings as views

formulas, ratings = views.RatingFormulaPages(), views.RatingPages()

urlpatterns: list = [*formulas.urls(), *ratings.urls()]
