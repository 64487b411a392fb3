"""The words that the rooms of areas share: kinds of area and what their codes look like."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kit.data import read_toml


class Kind(models.TextChoices):
    """What an area is, largest first."""

    TOWNSHIP = "township", _("Township")
    VILLAGE = "village", _("Village")
    GRID = "grid", _("Grid")


class What(models.TextChoices):
    """What the reader of an import's report should look at."""

    LEFT_OUT = "left_out", _("Left out")
    REPAIRED = "repaired", _("Repaired")
    DUPLICATE = "duplicate", _("Twice")
    OVERLAP = "overlap", _("Overlap")
    GAP = "gap", _("Gap")


# What may lie around an area of each kind.
PARENTS: dict[Kind, tuple[Kind, ...]] = {
    Kind.TOWNSHIP: (),
    Kind.VILLAGE: (Kind.TOWNSHIP,),
    Kind.GRID: (Kind.VILLAGE, Kind.TOWNSHIP),
}
CODES: dict[str, str] = {kind: read_toml("linli.areas", "codes.toml")[kind] for kind in Kind.values}

# Which areas a post may answer for, by how far its role sees.
BEATS: dict[str, tuple[Kind, ...]] = {
    "grid": (Kind.GRID,),
    "village": (Kind.VILLAGE, Kind.GRID),
}
# A matter in the catalogue: nothing for all, two digits for a group, four for one kind.
CATEGORY = re.compile(r"(?:[0-9]{2}){0,2}")

# Wider than a border: a point this near to the edge (degrees, about a metre) lies on it.
BORDER = 1e-5
# How far outside the town's box a point may lie (degrees, about two kilometres).
MARGIN = 0.02
