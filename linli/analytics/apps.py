from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from linli.kit import slots


class AnalyticsConfig(AppConfig):
    """The figures of the desk and the morning brief."""

    name = "linli.analytics"
    label = "analytics"

    def ready(self) -> None:
        """Put the brief on the home page and the figures into the navigation."""
        slots.fill("home", "analytics:morning", order=10, label=_("This morning"), power="staff")
        slots.fill("nav", "analytics:desk", order=60, label=_("Figures of the desk"), power="staff")
