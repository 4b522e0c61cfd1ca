"""What Django's own Russian formats say badly; the rest is taken from Django."""

MONTH_DAY_FORMAT = "j E"  # 5 ноября; Django's "j F" prints «5 Ноябрь»
TIME_FORMAT = "H:i"  # 09:05, as in Django's own short form
DATETIME_FORMAT = "j E Y г., H:i"  # 5 ноября 2026 г., 09:05
