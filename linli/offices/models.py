"""Offices, accounts, the posts that accounts hold, and the actor that every verb asks for."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Self
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from linli.kit import clock
from linli.kit.ids import uuid7
from linli.kit.text import in_chinese
from linli.offices.choices import RESIDENT, ROLES, OfficeKind, Role, Scope


class Office(models.Model):
    """A body that can owe a step: an office of the town, a stationed unit, a village committee."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    code = models.CharField(_("code"), max_length=20)
    place = models.CharField(_("village code"), max_length=20, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=OfficeKind.choices)
    can_close = models.BooleanField(_("may give final answers"), default=True)
    on_duty = models.CharField(_("duty hours"), max_length=8, default="work")
    upstream = models.CharField(_("escalates to"), max_length=20, blank=True)
    serves_for = models.CharField(_("answers for"), max_length=200, blank=True)
    phone = models.CharField(_("public phone"), max_length=40, blank=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["township", "code", "place"], name="office_once")
        ]
        ordering = ["code", "place"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The office's name in the reader's language."""
        if in_chinese():
            return self.name_zh
        return self.name_en or self.name_zh


class AccountManager(BaseUserManager["Account"]):
    """Django's required factory for accounts."""

    def create_user(
        self, username: str, password: str | None = None, **fields: object
    ) -> "Account":
        """Make an account with a hashed password; without one it cannot sign in."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Somebody who signs in. What they may do hangs on their posts, never on the account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12, blank=True)
    username = models.CharField(_("sign-in name"), max_length=60, unique=True)
    display_name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    initial_password = models.BooleanField(_("password given by the administrator"), default=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        constraints = [models.UniqueConstraint(Upper("username"), name="account_name_once")]

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_staff(self) -> bool:
        """Django's own administration is not used."""
        return False


class PostQuerySet(models.QuerySet["Post"]):
    """Filters over posts."""

    def current(self, day: date) -> Self:
        """Keep the posts that are valid on `day` in offices and accounts in use."""
        lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        return self.filter(
            lasting, valid_from__lte=day, office__active=True, account__is_active=True
        )


class Post(models.Model):
    """A role that an account holds in an office, from a day until a day that no longer counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(
        _("role"), max_length=3, choices=[(code, role.name_zh) for code, role in ROLES.items()]
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("over from"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "office", "role", "valid_from"], name="post_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="post_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.role_name} · {self.office}"

    @property
    def role_name(self) -> str:
        """The role's name in the reader's language."""
        return ROLES[self.role].name


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which post: what every verb and every filter asks for.

    Args:
        key: stable name for the trail, without personal data.
        township: 12-digit code; an actor acts in one township at a time.
        role: the role of the catalogue in which they act.
        account, post, office: keys; None for residents and for the worker.
        name: shown to colleagues.
        second_factor: signed in with a second factor; sealed data asks for it.
    """

    key: str
    township: str
    role: Role
    account: UUID | None = None
    post: UUID | None = None
    office: UUID | None = None
    name: str = ""
    second_factor: bool = False
    extra: frozenset[str] = field(default=frozenset())

    def may(self, power: str) -> bool:
        """Say whether the role has a power."""
        return power in self.role.powers or power in self.extra

    @property
    def level(self) -> str:
        """How far the post sees: none, public, grid, village, dept, town."""
        return self.role.level

    @property
    def is_system(self) -> bool:
        """The worker or an import, not a person."""
        return self.key.startswith("system:")


_SYSTEM = Role("SYS", "系统", "The system", "town", frozenset(), "", "")


def system(township: str, name: str = "worker", powers: frozenset[str] = frozenset()) -> Actor:
    """Return the actor for background work, so that the trail always names one."""
    return Actor(key=f"system:{name}", township=township, role=_SYSTEM, extra=powers)


def resident(township: str, key: str = "resident") -> Actor:
    """Return the actor for somebody without an account."""
    return Actor(key=key, township=township, role=ROLES[RESIDENT])


def as_actor(post: Post, *, second_factor: bool = False) -> Actor:
    """Return the actor for a post whose account and office are loaded."""
    return Actor(
        key=f"post:{post.pk}",
        township=post.office.township,
        role=ROLES[post.role],
        account=post.account_id,
        post=post.pk,
        office=post.office_id,
        name=post.account.display_name,
        second_factor=second_factor,
    )


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Filters over keys."""

    def live(self, moment: datetime, day: date) -> Self:
        """Keep the keys that open something at `moment`, which is on `day` in the town."""
        posts = Post.objects.current(day)
        return self.filter(revoked_at__isnull=True, expires_at__gt=moment, post__in=posts)


class ApiToken(models.Model):
    """A personal key for programs: only its hash is kept; it acts in one post until it expires."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tokens")
    label = models.CharField(_("what for"), max_length=60)
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64)
    scope = models.CharField(_("scope"), max_length=5, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"
