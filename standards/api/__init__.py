"""REST of the app: each module brings its routes."""

from . import answers, catalogue, cycles, duties, indicators, measurements, mechanisms, ratings, reporting, risks

routes = [
    *catalogue.routes,
    *cycles.routes,
    *answers.routes,
    *mechanisms.routes,
    *indicators.routes,
    *measurements.routes,
    *ratings.routes,
    *risks.routes,
    *duties.routes,
    *reporting.routes,
]
