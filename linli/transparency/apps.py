from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from linli.kit import slots


class TransparencyConfig(AppConfig):
    """The public pages of figures, trail, receipts and draws."""

    name = "linli.transparency"
    label = "transparency"

    def ready(self) -> None:
        """Put the figures into the navigation, and the means to check into the footer."""
        slots.fill("nav", "transparency:figures", order=15, label=_("Figures"))
        slots.fill("foot", "transparency:trail", order=40, label=_("The published trail"))
        slots.fill("foot", "transparency:receipt", order=41, label=_("Check your report"))
        slots.fill("foot", "transparency:draws", order=42, label=_("Verification draws"))
        slots.fill("case.follow", "transparency:receipt", label=_("Check your report"))
