"""What an area is to become, and whether it may."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from linli.areas.choices import CODES, PARENTS, Kind
from linli.areas.models import Area
from linli.areas.rules.shapes import Shape
from linli.kit.errors import Invalid


@dataclass(frozen=True)
class Draft:
    """An area as it is to be.

    Args:
        parent: the area around it; None for none.
        shape: None leaves an area without a shape, and the shape of a known one as it is.
        valid_from: the first day of a new area; today if absent.
        any_code: the code need not look as `data/codes.toml` says.
    """

    kind: str
    code: str
    name_zh: str
    name_en: str = ""
    parent: Area | None = None
    contact_phone: str = ""
    shape: Shape | None = None
    valid_from: date | None = None
    any_code: bool = False

    def check(self, township: str, known: Area | None = None) -> None:
        """Refuse what no area of `township` can be, with a sentence per field.

        Args:
            known: the area as it is; a code that it has already is good enough.
        """
        faults = {
            key: [sentence]
            for key, sentence in (
                ("name_zh", self._name_fault()),
                ("code", self._code_fault(township, known)),
                ("parent", self._parent_fault(township)),
            )
            if sentence
        }
        if faults:
            raise Invalid(faults)

    def _name_fault(self) -> str:
        return "" if self.name_zh else _("An area needs a name.")

    def _code_fault(self, township: str, known: Area | None) -> str:
        if not self.code:
            return _("An area needs a code.")
        if self.kind == Kind.TOWNSHIP:
            right = self.code == township
            return "" if right else _("A township's code cannot differ from that of its data.")
        kept = known is not None and known.code == self.code
        if kept or self.any_code or re.fullmatch(CODES[self.kind], self.code):
            return ""
        sentence = _("The code %(code)s does not look like the code of a %(kind)s.")
        return sentence % {"code": self.code, "kind": Kind(self.kind).label}

    def _parent_fault(self, township: str) -> str:
        if self.parent is None:
            return ""
        if self.parent.township != township or self.parent.valid_to is not None:
            return _("The area around it is closed. Please choose another.")
        if self.parent.kind not in PARENTS[Kind(self.kind)]:
            return _("A grid lies in a village or township, a village in a township.")
        return ""
