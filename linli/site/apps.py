from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from linli.kit import slots


class SiteConfig(AppConfig):
    """Home, signposts, switches, health."""

    name = "linli.site"
    label = "site"

    def ready(self) -> None:
        """Put the signposts into the footer."""
        slots.fill("foot", "site:signposts", order=10, label=_("Where to go with what"))
