"""The words that the rooms of documents share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttachmentKind(models.TextChoices):
    """What a file is for."""

    PHOTO = "photo", _("Photo of the place")
    BEFORE = "before", _("Before the work")
    AFTER = "after", _("After the work")
    EVIDENCE = "evidence", _("Evidence")
    PAPER = "paper", _("Paper")


# What somebody without an account may see of their own matter; the rest is the desk's.
REPORTER_KINDS = frozenset({AttachmentKind.PHOTO, AttachmentKind.BEFORE, AttachmentKind.AFTER})

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENDINGS = {JPEG: ".jpg", PNG: ".png", WEBP: ".webp", PDF: ".pdf", XLSX: ".xlsx", DOCX: ".docx"}
PICTURES = frozenset({JPEG, PNG, WEBP})
MOST_PER_MATTER = 60
