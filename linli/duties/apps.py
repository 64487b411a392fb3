from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """Deadlines; whoever opens duties fills its reader's registry."""

    name = "linli.duties"
    label = "duties"
