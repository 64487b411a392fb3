"""Who may change offices, accounts and posts."""

from uuid import UUID

from linli.offices.models import Actor, ApiToken


def may_administer(actor: Actor) -> bool:
    """Administrators, and the system when it sets a town up."""
    return actor.may("admin") or actor.is_system


def may_change_account(actor: Actor, account: UUID) -> bool:
    """Administrators, but never on their own account: nobody gives themselves powers."""
    return may_administer(actor) and actor.account != account


def may_revoke(actor: Actor, token: ApiToken) -> bool:
    """The key's owner, or an administrator of its township."""
    own = actor.account is not None and token.post.account_id == actor.account
    return own or (may_administer(actor) and token.post.office.township == actor.township)
