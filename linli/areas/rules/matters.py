"""What matters are called: the app that has their catalogue says so."""

from collections.abc import Callable, Mapping

Names = Callable[[], Mapping[str, str]]

_catalogues: list[Names] = []


def register_names(names: Names) -> None:
    """Let the app that has a catalogue name matters by their codes; called from `apps.ready()`."""
    _catalogues.append(names)


def list_names() -> dict[str, str]:
    """Return what matters are called in the reader's language, by code."""
    return {code: name for names in _catalogues for code, name in names().items()}
