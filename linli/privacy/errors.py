"""What can go wrong with sealed values."""


class SealBroken(Exception):
    """A sealed value does not open: wrong key, changed bytes, or moved from another row."""
