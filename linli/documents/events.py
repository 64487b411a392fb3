"""What happened to files."""

from dataclasses import dataclass
from uuid import UUID

from linli.duties.choices import Matter


@dataclass(frozen=True)
class Attached:
    """A file was added to a matter; `by` is the key of whoever added it."""

    attachment: UUID
    matter: Matter
    kind: str
    by: str
