"""Attach a file to a matter; decide whether everybody may see it."""

import re
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.audit.services import record
from linli.documents import queries, rules
from linli.documents.choices import MOST_PER_MATTER, PDF, PICTURES, AttachmentKind
from linli.documents.errors import ClientIdTaken, FileRefused, TooManyFiles
from linli.documents.events import Attached
from linli.documents.models import Attachment
from linli.documents.services import storing
from linli.documents.services.papers import check_pdf
from linli.documents.services.pictures import redraw
from linli.documents.services.sniffing import clean_name, sniff
from linli.duties.choices import Matter
from linli.kit import bus, clock
from linli.kit.errors import Forbidden, Invalid
from linli.kit.ids import uuid7
from linli.offices.models import Actor

_CLIENT_ID = re.compile(r"[\w.-]{0,64}", re.ASCII)


@dataclass(frozen=True)
class Prepared:
    """A file that was checked and can be kept."""

    name: str
    content_type: str
    data: bytes
    received_sha256: str
    small: bytes = b""
    width: int | None = None
    height: int | None = None


def prepare(upload: "File[bytes]") -> Prepared:
    """Check a file and draw pictures anew. Slow, so a verb calls this before its transaction."""
    data = _read(upload)
    content_type = sniff(data)
    name = clean_name(upload.name or "", content_type)
    received = sha256(data).hexdigest()
    if content_type in PICTURES:
        picture = redraw(data, content_type)
        return Prepared(
            name,
            content_type,
            picture.data,
            received,
            small=picture.small,
            width=picture.width,
            height=picture.height,
        )
    if content_type == PDF:
        check_pdf(data)
    return Prepared(name, content_type, data, received)


def _read(upload: "File[bytes]") -> bytes:
    """Read a file, at most one chunk above the limit: what it says of its size may be wrong."""
    data = bytearray()
    for chunk in upload.chunks():
        data += chunk
        if len(data) > settings.FILE_MAX_BYTES:
            limit = settings.FILE_MAX_BYTES // (1024 * 1024)
            raise FileRefused(
                _("This file is larger than %(limit)d MB. Send a smaller one.") % {"limit": limit}
            )
    if not data:
        raise FileRefused(_("This file is empty. Choose it again."))
    return bytes(data)


def attach(
    matter: Matter,
    upload: "File[bytes] | Prepared",
    *,
    actor: Actor,
    kind: str = AttachmentKind.PHOTO,
    client_id: str = "",
) -> Attachment:
    """Keep a file with a matter that the caller's app lets the actor add to.

    Args:
        matter: what it belongs to.
        upload: the file as it came, or already prepared.
        kind: one of `AttachmentKind`.
        client_id: made by the device; the same id with the same bytes is the same attachment, with
            other bytes ClientIdTaken.
    """
    if kind not in AttachmentKind.values:
        raise Invalid({"kind": [_("Choose what the file is for.")]})
    if not _CLIENT_ID.fullmatch(client_id):
        raise Invalid({"client_id": [_("At most 64 letters, digits, dots and dashes.")]})
    prepared = upload if isinstance(upload, Prepared) else prepare(upload)
    try:
        with transaction.atomic():
            return _sent(matter, client_id, prepared) or _keep(
                matter, prepared, actor=actor, kind=kind, client_id=client_id
            )
    except IntegrityError:
        same = _sent(matter, client_id, prepared)  # the device sent it twice at once
        if same is None:
            raise
        return same


def _sent(matter: Matter, client_id: str, prepared: Prepared) -> Attachment | None:
    if not client_id:
        return None
    found = Attachment.objects.of(matter.kind, matter.key).filter(client_id=client_id).first()
    if found and found.received_sha256 != prepared.received_sha256:
        raise ClientIdTaken
    return found


def _keep(
    matter: Matter, prepared: Prepared, *, actor: Actor, kind: str, client_id: str
) -> Attachment:
    if Attachment.objects.kept().of(matter.kind, matter.key).count() >= MOST_PER_MATTER:
        raise TooManyFiles
    key, digest = uuid7(), sha256(prepared.data).hexdigest()
    attachment = Attachment(
        id=key,
        township=matter.township,
        matter_kind=matter.kind,
        matter_key=matter.key,
        kind=kind,
        name=prepared.name,
        content_type=prepared.content_type,
        size=len(prepared.data),
        sha256=digest,
        received_sha256=prepared.received_sha256,
        path=storing.path_of(digest, key),
        width=prepared.width,
        height=prepared.height,
        uploaded_by=actor.key,
        client_id=client_id,
        created_at=clock.now(),
    )
    attachment.save(force_insert=True)
    record(
        "attachment.added",
        attachment.subject,
        actor=actor,
        personal={"sha256": digest},
        matter=matter.subject,
        kind=kind,
        type=prepared.content_type,
        size=attachment.size,
    )
    bus.publish(Attached(key, matter, kind, actor.key))
    _store(attachment, prepared)
    return attachment


def _store(attachment: Attachment, prepared: Prepared) -> None:
    """Last before the commit: no row is kept without its file; a file without its row is swept."""
    if prepared.small:
        storing.write(attachment.small_file, prepared.small)
    storing.write(attachment.file, prepared.data)


@transaction.atomic
def publish_attachment(pk: UUID, *, actor: Actor, public: bool = True) -> Attachment:
    """Let everybody see a file, or take it back."""
    attachment = queries.get_attachment(actor, pk, lock=True)
    if not rules.may_publish(actor, attachment):
        raise Forbidden
    if attachment.public != public:
        attachment.public = public
        attachment.save(update_fields=["public"])
        act = "attachment.published" if public else "attachment.withdrawn"
        record(act, attachment.subject, actor=actor, matter=attachment.matter.subject)
    return attachment
