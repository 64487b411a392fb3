from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The sample town has no pages of its own."""

    name = "linli.demo"
    label = "demo"
