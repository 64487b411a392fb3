"""What can go wrong with sealed values and looks at them."""

from django.utils.translation import gettext_lazy as _

from linli.kit.errors import Forbidden


class SealBroken(Exception):
    """A sealed value does not open: wrong key, changed bytes, or moved from another row."""


class SecondFactorFirst(Forbidden):
    """Sealed data is shown only to people who signed in with a second factor."""

    code = "second_factor"
    message = _(
        "Personal data is shown only after signing in with a second factor. "
        "Set one up under your account, then sign in again."
    )
