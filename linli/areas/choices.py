"""The words that the rooms of areas share: kinds of area and what their codes look like."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kit.data import read_toml


class Kind(models.TextChoices):
    """What an area is, largest first."""

    TOWNSHIP = "township", _("Township")
    VILLAGE = "village", _("Village")
    GRID = "grid", _("Grid")


PARENTS = {Kind.TOWNSHIP: None, Kind.VILLAGE: Kind.TOWNSHIP, Kind.GRID: Kind.VILLAGE}
CODES: dict[str, str] = {kind: read_toml("linli.areas", "codes.toml")[kind] for kind in Kind.values}

# Wider than a border: a point this near to the edge (degrees, about a metre) lies on it.
BORDER = 1e-5
# How far outside the town's box a point may lie (degrees, about two kilometres).
MARGIN = 0.02
