"""The shape of what people and their answerers type."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kit.shapes import LineField, TextField
from linli.offices.models import Office
from linli.privacy.choices import RequestKind
from linli.privacy.rules import read_about


class AskForm(forms.Form):
    """A person's request about their own data."""

    township = forms.ChoiceField(label=_("Which township"))
    kind = forms.ChoiceField(
        label=_("What you want"), choices=RequestKind.choices, widget=forms.RadioSelect
    )
    text = TextField(
        label=_("What it is about"),
        max_length=2000,
        help_text=_("If it is about a report of yours, give its number."),
    )
    contact = LineField(
        label=_("Where the answer goes"),
        max_length=200,
        help_text=_("A phone number or an e-mail address. It is kept sealed."),
    )
    about = LineField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(self, *args: Any, centres: list[Office], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["township"].choices = [(one.township, one.name) for one in centres]  # type: ignore[attr-defined]  # it is a ChoiceField
        if len(centres) == 1:
            self.fields["township"].widget = forms.HiddenInput()
            self.fields["township"].initial = centres[0].township

    def clean_about(self) -> tuple[str, UUID] | None:
        """Return kind and key of the matter; None where the person came from no matter's page."""
        token = self.cleaned_data["about"]
        about = read_about(token) if token else None
        if token and about is None:
            raise forms.ValidationError(
                _("This link is too old. Open the page of your report again.")
            )
        return about


class LookForm(forms.Form):
    """Why somebody needs to see what is sealed."""

    reason = LineField(
        label=_("Why you need to see it"),
        min_length=4,
        max_length=200,
        help_text=_("This is recorded with your post. Do not name the person here."),
    )


class AnswerForm(forms.Form):
    """The answer that was sent."""

    text = TextField(
        label=_("The answer as it was sent"),
        max_length=4000,
        help_text=_("Send it first. A refusal says why, and where to complain."),
    )
