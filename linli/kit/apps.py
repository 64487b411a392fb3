from django.apps import AppConfig


class KitConfig(AppConfig):
    """Loads every app's `tasks` room, so that the worker knows all tasks."""

    name = "linli.kit"
    label = "kit"
