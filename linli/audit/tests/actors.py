"""Who acts in the tests of the trail, which stands below the floor of offices."""

from dataclasses import dataclass

TOWN = "990101000000"
OTHER_TOWN = "990102000000"


@dataclass(frozen=True)
class Worker:
    """Whatever works for a town."""

    township: str
    key: str = "system:worker"


WORKER, OTHER_WORKER = Worker(TOWN), Worker(OTHER_TOWN)
