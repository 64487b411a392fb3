"""The words that the rooms of offices share: roles, their levels and powers."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kit.data import read_toml, read_tsv
from linli.kit.text import in_chinese


class OfficeKind(models.TextChoices):
    """What kind of body an office is."""

    OWN = "own_office", _("Township office")
    STATIONED = "stationed", _("Stationed unit")
    UTILITY = "utility", _("Utility or contractor")
    VILLAGE = "village", _("Village body")
    SOCIAL = "social", _("Social organisation")
    COUNTY = "county", _("County authority")


class Scope(models.TextChoices):
    """What a personal key may do."""

    READ = "read", _("read only")
    WRITE = "write", _("read and act")


@dataclass(frozen=True)
class Village:
    """A village whose bodies are to be set up; areas know the rest of it."""

    code: str
    name_zh: str
    name_en: str = ""


@dataclass(frozen=True)
class Role:
    """A role of the catalogue: how far it sees (`level`) and what it may do (`powers`)."""

    code: str
    name_zh: str
    name_en: str
    level: str
    powers: frozenset[str]
    can: str
    cannot: str

    @property
    def name(self) -> str:
        """The role's name in the reader's language."""
        return self.name_zh if in_chinese() else self.name_en


def _roles() -> dict[str, Role]:
    powers = read_toml("linli.offices", "powers.toml")
    return {
        row["code"]: Role(
            code=row["code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            level=powers[row["code"]]["level"],
            powers=frozenset(powers[row["code"]]["powers"]),
            can=row["can"],
            cannot=row["cannot"],
        )
        for row in read_tsv("linli.offices", "roles.tsv")
    }


ROLES = _roles()
RESIDENT = "R01"
GRID_ROLES = frozenset({"R02", "R04"})
STAFF_ROLES = {code: role for code, role in ROLES.items() if code != RESIDENT}
CENTRE = "GOV-ZZ"
