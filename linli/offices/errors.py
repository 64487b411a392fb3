"""Refusals of offices."""

from django.utils.translation import gettext_lazy as _

from linli.kit.errors import Forbidden, Refused


class SecondFactorFirst(Forbidden):
    """The power asks for a sign-in with a second factor."""

    code = "second_factor"
    message = _(
        "This needs a sign-in with a second factor (a passkey or a code from an app). "
        "Set one up on your page, or confirm it now."
    )


class TokenRefused(Refused):
    """The key opens nothing: unknown, expired, withdrawn, or its post is over."""

    code = "token_refused"
    status = 401
    message = _("This key does not open anything. Make a new one on your page.")


class TokenReadsOnly(Forbidden):
    """A key with the scope `read` was used to act."""

    code = "token_reads_only"
    message = _("This key may only read. Make one that may act on your page.")


class NoPost(Forbidden):
    """Somebody is signed in, but acts in no post."""

    code = "no_post"
    message = _(
        "You hold no post at present, so there is nothing you can do here. "
        "Ask the administrator of your township."
    )


class OwnAccount(Forbidden):
    """Nobody administers their own powers."""

    code = "own_account"
    message = _("You cannot do this to your own account. Ask another administrator.")
