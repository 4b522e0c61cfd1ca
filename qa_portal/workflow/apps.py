from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "qa_portal.workflow"
    label = "workflow"

    def ready(self):
        from qa_portal.web.registry import registry  # noqa: PLC0415

        from .steps import steps_of  # noqa: PLC0415

        registry.steps = steps_of  # the kit meets steps through its own protocol
