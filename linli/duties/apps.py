from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from linli.kit import slots


class DutiesConfig(AppConfig):
    """Deadlines; an app that opens duties registers the readers of its matters."""

    name = "linli.duties"
    label = "duties"

    def ready(self) -> None:
        """Put the worklist of deadlines into the navigation, the hung problems into the footer."""
        slots.fill("nav", "duties:list_duties", order=30, label=_("Deadlines"), power="staff")
        slots.fill("foot", "duties:list_hung", order=30, label=_("Hung problems"))
