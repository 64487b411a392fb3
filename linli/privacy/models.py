"""Sealed fields, which no database, backup or log shows, and people's requests about their data."""

import os
from base64 import b64decode, b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES, SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from linli.kit import clock
from linli.kit.ids import uuid7
from linli.privacy.choices import RequestKind, RequestState
from linli.privacy.errors import SealBroken

# A sealed value: version (1) | key id (4) | nonce (12) | tag (16) | ciphertext, in base64.
_VERSIONS = {1: (AES, 32, b"linli seal aes-256-gcm"), 2: (SM4, 16, b"linli seal sm4-gcm")}
_PROFILES = {"aes": 1, "sm4": 2}

if TYPE_CHECKING:
    _Field = models.Field["str | Sealed", "Sealed"]
else:
    _Field = models.Field


@cache
def _derived(secret: str, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=purpose).derive(secret.encode())


def key_id(secret: str) -> bytes:
    """Return the four bytes by which a sealed value names its key."""
    return _derived(secret, b"linli seal key id", 4)


def _key(version: int, identity: bytes) -> bytes:
    _, length, purpose = _VERSIONS[version]
    for secret in (settings.SEAL_KEY, *settings.SEAL_OLD_KEYS):
        if key_id(secret) == identity:
            return _derived(secret, purpose, length)
    raise SealBroken(f"no key with id {identity.hex()}: add it to LINLI_SEAL_OLD_KEYS")


def _is_current(token: str) -> bool:
    head = bytes([_PROFILES[settings.SEAL_PROFILE]]) + key_id(settings.SEAL_KEY)
    return b64decode(token[:8]).startswith(head)


def seal(plain: str, place: str) -> str:
    """Encrypt `plain` under the present key and profile; it opens only at `place`."""
    version, identity = _PROFILES[settings.SEAL_PROFILE], key_id(settings.SEAL_KEY)
    nonce = os.urandom(12)
    machine = Cipher(_VERSIONS[version][0](_key(version, identity)), GCM(nonce)).encryptor()
    machine.authenticate_additional_data(place.encode())
    body = machine.update(plain.encode()) + machine.finalize()
    return b64encode(bytes([version]) + identity + nonce + machine.tag + body).decode()


def unseal(token: str, place: str) -> str:
    """Decrypt what `seal` made; SealBroken unless key, bytes and place are the very same."""
    try:
        raw = b64decode(token, validate=True)
        version, identity, nonce, tag, body = raw[0], raw[1:5], raw[5:17], raw[17:33], raw[33:]
        machine = Cipher(
            _VERSIONS[version][0](_key(version, identity)), GCM(nonce, tag)
        ).decryptor()
        machine.authenticate_additional_data(place.encode())
        return (machine.update(body) + machine.finalize()).decode()
    except (InvalidTag, ValueError, LookupError) as error:
        raise SealBroken(f"a sealed value does not open at {place}") from error


class Sealed:
    """A value under seal: says whether there is something, shows it only to `open()`."""

    __slots__ = ("_plain", "_token", "place")

    def __init__(self, *, plain: str = "", token: str = "", place: str = "") -> None:
        self._plain = plain
        self._token = token
        self.place = place

    def __bool__(self) -> bool:
        return bool(self._plain or self._token)

    def __str__(self) -> str:
        return "•••" if self else ""

    def __repr__(self) -> str:
        return f"<Sealed {'value' if self else 'nothing'}>"

    def __reduce__(self) -> str:
        raise TypeError("A sealed value does not leave its row; open() it where it is needed.")

    def open(self) -> str:
        """Return the value, for code inside verbs; people look through `services.look`."""
        return unseal(self._token, self.place) if self._token else self._plain

    @property
    def is_current(self) -> bool:
        """Nothing, or sealed under the present key and profile."""
        return not self._token or _is_current(self._token)

    def token(self) -> str:
        """Return what stands in the database: nothing for nothing, else the encrypted value."""
        if self._plain and not self._token:
            if not self.place:
                raise TypeError("A sealed value needs a row whose key is made before it is saved.")
            self._token = seal(self._plain, self.place)
        return self._token


class _SealedAttribute(DeferredAttribute):
    field: "SealedField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        if instance is None:
            return self
        sealed = super().__get__(instance, cls)
        place = self.field.place_of(instance)
        if sealed.place and sealed.place != place:
            raise TypeError(f"{sealed.place} cannot be moved to {place}; assign its open() text.")
        sealed.place = place
        return sealed

    def __set__(self, instance: models.Model, value: "str | Sealed") -> None:
        if not isinstance(value, Sealed):
            value = Sealed(plain=value)
        instance.__dict__[self.field.attname] = value


class SealedField(_Field):
    """Text that is encrypted in the database and bound to its row and column.

    The attribute is a `Sealed`; assigning text seals it when the row is saved. Rows cannot be found
    by it, except for having nothing: `exclude(contact="")`, `update(contact="")`.
    """

    descriptor_class = _SealedAttribute

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"default": "", "blank": True, **options})

    def get_internal_type(self) -> str:
        """Kept as text in every database."""
        return "TextField"

    def place_of(self, row: models.Model) -> str:
        """Return where a value belongs: model, field, row; empty while the row has no key."""
        return "" if row.pk is None else f"{self.model._meta.label_lower}.{self.name}:{row.pk}"

    def value_to_string(self, obj: models.Model) -> str:
        """Refuse `dumpdata`: it would write dots, and `loaddata` would seal the dots."""
        raise TypeError(f"{self.name} is sealed: move rows with the database's own backup.")

    def get_lookup(self, lookup_name: str) -> Any:
        """Only "has nothing" can be asked."""
        return super().get_lookup(lookup_name) if lookup_name == "exact" else None

    def from_db_value(self, value: str, *_args: Any) -> Sealed:
        """Wrap what the database has."""
        return Sealed(token=value)

    def get_prep_value(self, value: Any) -> str:
        """Return what the database gets; a bare text has no row to be bound to."""
        if isinstance(value, Sealed):
            return value.token()
        if value == "":
            return ""
        raise TypeError(f"{self.name} is sealed: no look-up by value, no update without its row.")


class SubjectRequest(models.Model):
    """What somebody asks about their own data, until when it must be answered, and the answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    kind = models.CharField(max_length=8, choices=RequestKind.choices)
    matter_kind = models.CharField(max_length=20, blank=True)
    matter_key = models.UUIDField(null=True, blank=True)
    text = SealedField(_("what is asked"))
    contact = SealedField(_("where the answer goes"))
    state = models.CharField(max_length=8, choices=RequestState.choices, default=RequestState.OPEN)
    due_on = models.DateField()
    answer = SealedField(_("answer"))
    answered_by = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("request about personal data")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, answered_at__isnull=True)
                | Q(state=RequestState.ANSWERED, answered_at__isnull=False),
                name="request_state",
            )
        ]
        indexes = [models.Index(fields=["township", "state", "due_on"], name="request_due")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.due_on}"

    @property
    def subject(self) -> str:
        """The name under which the trail knows it."""
        return f"request:{self.pk}"
