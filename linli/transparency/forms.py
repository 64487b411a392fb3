"""What is asked for on the public pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kit.shapes import LineField


class ReceiptForm(forms.Form):
    """Whose receipt: the number and the code that the reporter was given."""

    number = LineField(label=_("Number"), max_length=30)
    code = LineField(label=_("Look-up code"), max_length=20)
