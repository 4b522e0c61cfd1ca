from . import duties, measurements, reporting  # noqa: F401 - the jobs
