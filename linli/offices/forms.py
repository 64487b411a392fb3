"""Input of the pages of offices."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kit.shapes import DayField, LineField
from linli.offices.choices import STAFF_ROLES, OfficeKind, Scope
from linli.offices.models import Office


class DayInput(forms.DateInput):
    """A browser's date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OfficeForm(forms.Form):
    """An office's details."""

    code = LineField(label=_("Code"), max_length=20, help_text=_("As on papers, e.g. GOV-CJ."))
    place = LineField(
        label=_("Village code"),
        max_length=20,
        required=False,
        help_text=_("Only for bodies of one village."),
    )
    name_zh = LineField(label=_("Name in Chinese"), max_length=80)
    name_en = LineField(label=_("Name in English"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=OfficeKind.choices)
    can_close = forms.BooleanField(label=_("May give final answers"), required=False, initial=True)
    on_duty = forms.ChoiceField(
        label=_("Duty hours"), choices=[("work", _("working hours")), ("24h", _("day and night"))]
    )
    upstream = LineField(
        label=_("Escalates to"),
        max_length=20,
        required=False,
        help_text=_("The code of the office that takes over."),
    )
    serves_for = LineField(label=_("Answers for"), max_length=200, required=False)
    phone = LineField(label=_("Public phone"), max_length=40, required=False)


class AccountForm(forms.Form):
    """A new account."""

    username = LineField(
        label=_("Sign-in name"),
        max_length=60,
        help_text=_("Letters and digits that the person can remember; it cannot be changed later."),
    )
    display_name = LineField(
        label=_("Name"), max_length=60, help_text=_("As colleagues know the person.")
    )
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)


class ResetForm(forms.Form):
    """A new first password."""

    lost_second_factor = forms.BooleanField(
        label=_("The phone or passkey is lost: remove the second factors too"), required=False
    )


class PostForm(forms.Form):
    """A post for an account."""

    office = forms.ChoiceField(label=_("Office"))
    role = forms.ChoiceField(label=_("Role"))
    valid_from = DayField(label=_("From"), widget=DayInput())
    valid_to = DayField(
        label=_("Over from"),
        widget=DayInput(),
        required=False,
        help_text=_("The first day that no longer counts; leave empty for an open end."),
    )

    def __init__(self, *args: Any, offices: list[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [(str(one.pk), one.name) for one in offices]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (code, f"{role.name} ({code})") for code, role in STAFF_ROLES.items()
        ]


class TokenForm(forms.Form):
    """A new personal key."""

    label = LineField(
        label=_("What for"), max_length=60, help_text=_("So that you know it again later.")
    )
    scope = forms.ChoiceField(label=_("It may"), choices=Scope.choices, widget=forms.RadioSelect)
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=366)


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A new passkey or security key."""

    name = LineField(label=_("Name of this key"), max_length=60, required=False)
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone, without a password (a passkey)"),
        required=False,
        initial=True,
    )


class RenameKeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Another name for a passkey or security key."""

    name = LineField(label=_("Name of this key"), max_length=60)


class SearchForm(forms.Form):
    """Search in the list of accounts."""

    text = LineField(label=_("Name"), max_length=60, required=False)
    after = LineField(max_length=60, required=False, widget=forms.HiddenInput)
