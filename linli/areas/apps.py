from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from linli.kit import slots


class AreasConfig(AppConfig):
    """Places and who answers for them."""

    name = "linli.areas"
    label = "areas"

    def ready(self) -> None:
        """Put places and the admission list into the footer, the matrix into the navigation."""
        slots.fill("foot", "areas:list_areas", order=20, label=_("Villages and grids"))
        slots.fill("foot", "areas:admissions", order=25, label=_("Tasks of grid workers"))
        slots.fill("nav", "areas:responsibilities", order=60, label=_("Who answers"), power="staff")
