from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "qa_portal.policy"
    label = "policy"
