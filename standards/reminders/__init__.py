from . import answers, cycles, duties, measurements, mechanisms, risks  # noqa: F401 - declares reminders
