"""English as read in Kazakhstan: day first, a month in letters, 24 hours, the week from Monday."""

DATE_FORMAT = "j F Y"  # 5 November 2026
TIME_FORMAT = "H:i"  # 09:05
DATETIME_FORMAT = "j F Y, H:i"  # 5 November 2026, 09:05
YEAR_MONTH_FORMAT = "F Y"  # November 2026
MONTH_DAY_FORMAT = "j F"  # 5 November
SHORT_DATE_FORMAT = "j M Y"  # 5 Nov 2026; figures alone could be read as 11 May
SHORT_DATETIME_FORMAT = "j M Y, H:i"  # 5 Nov 2026, 09:05
FIRST_DAY_OF_WEEK = 1  # Monday

# What may be typed, in the letters of strptime; the first is also what an input shows.
# No month-first forms: 05/11 would be taken for 11 May.
DATE_INPUT_FORMATS = [
    "%Y-%m-%d",  # 2026-11-05
    "%d %b %Y",  # 5 Nov 2026
    "%d %B %Y",  # 5 November 2026
    "%d.%m.%Y",  # 05.11.2026
]
TIME_INPUT_FORMATS = [
    "%H:%M",  # 09:05
    "%H:%M:%S",  # 09:05:59
    "%H:%M:%S.%f",  # 09:05:59.000200
]
DATETIME_INPUT_FORMATS = [
    "%Y-%m-%d %H:%M",  # 2026-11-05 09:05
    "%Y-%m-%d %H:%M:%S",  # 2026-11-05 09:05:59
    "%Y-%m-%d %H:%M:%S.%f",  # 2026-11-05 09:05:59.000200
    "%d %b %Y %H:%M",  # 5 Nov 2026 09:05
    "%d %B %Y %H:%M",  # 5 November 2026 09:05
    "%d.%m.%Y %H:%M",  # 05.11.2026 09:05
]

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
