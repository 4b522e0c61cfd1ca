from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "qa_portal.people"
    label = "people"

    def ready(self):
        from . import portal  # noqa: F401, PLC0415 - declares menu, signals and search when the apps are loaded
