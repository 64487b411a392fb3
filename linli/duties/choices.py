"""The words that the rooms of duties share."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Matter:
    """What a duty is about, without knowing its app.

    Args:
        kind: the app's noun, such as `case`.
        key: its primary key.
        township: 12-digit code.
        number: its public number.
        title: first words, for worklists.
    """

    kind: str
    key: UUID
    township: str
    number: str = ""
    title: str = ""

    @property
    def subject(self) -> str:
        """The name under which the trail knows it."""
        return f"{self.kind}:{self.key}"
