"""The rows of files; the bytes lie under FILES_ROOT, outside the web root."""

from pathlib import Path
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.documents.choices import PICTURES, AttachmentKind
from linli.duties.choices import Matter
from linli.kit import clock
from linli.kit.ids import uuid7


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Filters over attachments."""

    def kept(self) -> Self:
        """Keep those whose file was not erased."""
        return self.filter(erased_at__isnull=True)

    def of(self, kind: str, key: UUID) -> Self:
        """Keep those of one matter, oldest first."""
        return self.filter(matter_kind=kind, matter_key=key).order_by("id")


class Attachment(models.Model):
    """One file of one matter; after erasure the row stays, empty."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    matter_kind = models.CharField(max_length=20)
    matter_key = models.UUIDField()
    kind = models.CharField(_("what for"), max_length=8, choices=AttachmentKind.choices)
    name = models.CharField(_("file name"), max_length=120, blank=True)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    received_sha256 = models.CharField(max_length=64, blank=True)
    path = models.CharField(_("stored file"), max_length=160, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    public = models.BooleanField(_("public"), default=False)
    uploaded_by = models.CharField(max_length=100)
    client_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter_kind", "matter_key", "client_id"],
                condition=~Q(client_id=""),
                name="attachment_sent_once",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(public=False, path="", name=""),
                name="attachment_erased",
            ),
        ]
        indexes = [
            models.Index(fields=["matter_kind", "matter_key", "id"], name="attachment_matter"),
            models.Index(fields=["path"], name="attachment_path", condition=~Q(path="")),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @property
    def matter(self) -> Matter:
        """What it belongs to."""
        return Matter(self.matter_kind, self.matter_key, self.township)

    @property
    def subject(self) -> str:
        """The name under which the trail knows it."""
        return f"attachment:{self.pk}"

    @property
    def is_picture(self) -> bool:
        """Shown as a picture, with a small copy."""
        return self.content_type in PICTURES

    @property
    def file(self) -> Path:
        """Where the bytes lie."""
        return Path(settings.FILES_ROOT) / self.path

    @property
    def small_file(self) -> Path:
        """Where the small copy of a picture lies."""
        return self.file.with_name(self.file.name + ".small")
