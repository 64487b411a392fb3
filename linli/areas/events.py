"""What happened to areas, for higher floors."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AreasChanged:
    """Shapes, codes or names of a township's areas changed."""

    township: str
