"""The shape of an upload."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.documents.choices import ENDINGS, AttachmentKind


class UploadForm(forms.Form):
    """A file and what it is for."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("A photo, a PDF, a Word or Excel file. Position data in photos is removed."),
        widget=forms.FileInput(attrs={"accept": ",".join([*ENDINGS, *ENDINGS.values()])}),
    )
    kind = forms.ChoiceField(label=_("What for"), choices=AttachmentKind.choices)
    client_id = forms.CharField(
        max_length=64, required=False, initial=uuid4, widget=forms.HiddenInput
    )


class PublishForm(forms.Form):
    """Whether everybody may see a file."""

    public = forms.BooleanField(required=False)
