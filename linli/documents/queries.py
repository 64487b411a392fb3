"""Reads of files: one, or those of a matter."""

from uuid import UUID

from linli.documents import rules
from linli.documents.models import Attachment
from linli.kit.errors import Unseen
from linli.offices.models import Actor


def get_attachment(
    actor: Actor | None, pk: UUID, *, token: str = "", lock: bool = False
) -> Attachment:
    """The one way to reach a file; Unseen without the right or the token."""
    attachments = Attachment.objects.kept()
    if lock:
        attachments = attachments.select_for_update()
    attachment = attachments.filter(pk=pk).first()
    if attachment is None:
        raise Unseen
    view = rules.view_of(actor, attachment.matter_kind, attachment.matter_key, token)
    if not view.shows(attachment):
        raise Unseen
    return attachment


def list_attachments(
    actor: Actor | None, kind: str, key: UUID, *, token: str = ""
) -> list[Attachment]:
    """Return the files of a matter that somebody may open, oldest first."""
    view = rules.view_of(actor, kind, key, token)
    return [one for one in Attachment.objects.kept().of(kind, key) if view.shows(one)]
