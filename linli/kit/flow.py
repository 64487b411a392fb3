"""A workflow is a table that can be read aloud."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from linli.kit.errors import MoveRefused


@dataclass(frozen=True)
class Flow:
    """Named moves between states.

    Args:
        name: what moves, for messages and tests.
        moves: state → {move → next state}; every state stands as a key.
    """

    name: str
    moves: Mapping[str, Mapping[str, str]]

    def __post_init__(self) -> None:
        for state, moves in self.moves.items():
            for move, target in moves.items():
                if target not in self.moves:
                    raise ValueError(f"{self.name}: {state} --{move}--> {target!r} is not a state")

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order of the table."""
        return tuple(self.moves)

    def target(self, state: str, move: str) -> str:
        """Return the state that `move` leads to; MoveRefused if there is no such move."""
        try:
            return self.moves[state][move]
        except KeyError:
            raise MoveRefused(state=state, move=move) from None

    def allows(self, state: str, move: str) -> bool:
        """Say whether `move` is possible from `state`."""
        return move in self.moves.get(state, {})

    def starts_of(self, move: str) -> Iterator[str]:
        """Yield every state from which `move` is possible."""
        return (state for state, moves in self.moves.items() if move in moves)
