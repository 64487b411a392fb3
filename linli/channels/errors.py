"""What can go wrong with a message on its way."""


class Undelivered(Exception):
    """A channel could not deliver a message.

    Args:
        reason: one line without the address.
        lasting: trying again would not help.
    """

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        self.lasting = lasting
        super().__init__(reason)
