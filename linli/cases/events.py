"""What a case tells higher floors, inside the same transaction."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class CaseMoved:
    """A verb was done on a case."""

    case: UUID
    township: str
    verb: str
    before: str
    after: str
