"""Kazakh dates, times and numbers; Django has none of its own."""

# Printed forms, in the letters of Django's date filter. E and F both give the month in small letters.
DATE_FORMAT = "Y ж. j E"  # 2026 ж. 5 қараша
TIME_FORMAT = "H:i"  # 09:05
DATETIME_FORMAT = "Y ж. j E, H:i"  # 2026 ж. 5 қараша, 09:05
YEAR_MONTH_FORMAT = "Y ж. F"  # 2026 ж. қараша
MONTH_DAY_FORMAT = "j E"  # 5 қараша
SHORT_DATE_FORMAT = "d.m.Y"  # 05.11.2026
SHORT_DATETIME_FORMAT = "d.m.Y H:i"  # 05.11.2026 09:05
FIRST_DAY_OF_WEEK = 1  # Monday

# What may be typed, in the letters of strptime; the first is also what an input shows.
DATE_INPUT_FORMATS = [
    "%d.%m.%Y",  # 05.11.2026
    "%d.%m.%y",  # 05.11.26
    "%Y-%m-%d",  # 2026-11-05
]
TIME_INPUT_FORMATS = [
    "%H:%M",  # 09:05
    "%H:%M:%S",  # 09:05:59
    "%H:%M:%S.%f",  # 09:05:59.000200
]
DATETIME_INPUT_FORMATS = [
    "%d.%m.%Y %H:%M",  # 05.11.2026 09:05
    "%d.%m.%Y %H:%M:%S",  # 05.11.2026 09:05:59
    "%d.%m.%Y %H:%M:%S.%f",  # 05.11.2026 09:05:59.000200
    "%d.%m.%y %H:%M",  # 05.11.26 09:05
    "%d.%m.%y %H:%M:%S",  # 05.11.26 09:05:59
    "%Y-%m-%d %H:%M",  # 2026-11-05 09:05
    "%Y-%m-%d %H:%M:%S",  # 2026-11-05 09:05:59
    "%Y-%m-%d %H:%M:%S.%f",  # 2026-11-05 09:05:59.000200
]

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"  # a space that does not break
NUMBER_GROUPING = 3
