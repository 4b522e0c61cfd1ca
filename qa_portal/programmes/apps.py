from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "qa_portal.programmes"
    label = "programmes"
