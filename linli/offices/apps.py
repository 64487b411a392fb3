from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from linli.kit import slots


class OfficesConfig(AppConfig):
    """Offices, posts and accounts."""

    name = "linli.offices"
    label = "offices"

    def ready(self) -> None:
        """Put administration into the navigation."""
        slots.fill("nav", "offices:list_offices", order=90, label=_("Offices"), power="admin")
        slots.fill("nav", "offices:list_accounts", order=91, label=_("Accounts"), power="admin")
