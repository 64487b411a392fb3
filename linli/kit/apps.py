from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class KitConfig(AppConfig):
    """Loads every app's `tasks` room, so that the worker knows all tasks."""

    name = "linli.kit"
    label = "kit"

    def ready(self) -> None:
        """Fill the registry of tasks."""
        for app in apps.get_app_configs():
            if app.name.startswith("linli.") and module_has_submodule(app.module, "tasks"):
                import_module(f"{app.name}.tasks")
