"""What will happen to a case of the sample town."""

from dataclasses import dataclass

from linli.cases.services.intake import Contact, Place


@dataclass(frozen=True)
class Plan:
    """What will happen to a case.

    Args:
        way: handled | settled | answered | referred | merged | withdrawn | excluded | lapsed.
        stop: the state in which it is left, for cases that are still going on.
        slow: how many times slower than usual its office is.
    """

    category: str
    text: str
    place: Place
    contact: Contact
    channel: str
    way: str = "handled"
    stop: str = ""
    slow: float = 1.0
