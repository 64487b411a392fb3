"""One form per verb, and the table that ties verb, form and service together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import Case as Choose
from django.db.models import When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.cases.choices import OUTCOMES, Ending, Score, Step, Urgency
from linli.cases.forms.fields import CategoryField
from linli.cases.models.case import Case
from linli.cases.queries.catalogue import suggest_offices
from linli.cases.rules.exclusions import exclusions
from linli.cases.services import checking, dispatching, handling, reporting, sorting
from linli.duties.choices import PauseReason
from linli.duties.queries.owed import list_longer
from linli.duties.queries.words import spell_limit
from linli.kit import clock
from linli.kit.shapes import DayField, LineField, TextField, offer
from linli.offices.models import Actor, Office, Post

WORDS = 4000
METHODS = [("site", _("At the place")), ("phone", _("By telephone")), ("photo", _("From photos"))]
CONTACTS = [("phone", _("Telephone")), ("message", _("Message")), ("site", _("At the place"))]


class VerbForm(forms.Form):
    """What every verb is given: the version that was looked at, and the verb's own fields."""

    # The verb is called with what `clean` returns.

    seen = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, actor: Actor | None = None, case: Case | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.case = actor, case
        if case is not None:
            self.fields["seen"].initial = case.version
            self.offer(case)

    def offer(self, case: Case) -> None:
        """Fill the choices that depend on the case."""


def _by_code(data: dict[str, Any]) -> dict[str, Any]:
    category = data.get("category")
    return {**data, "category": category.pk if category else ""}


class NothingForm(VerbForm):
    """A verb that needs no words."""


class SaidForm(VerbForm):
    """Words for the reporter."""

    said = TextField(label=_("Words for the reporter"), max_length=WORDS)


class MaybeSaidForm(VerbForm):
    """Words for the reporter, if there are any."""

    said = TextField(label=_("Words for the reporter"), max_length=WORDS, required=False)


class ReporterForm(VerbForm):
    """What the reporter adds."""

    said = TextField(label=_("What you want to say"), max_length=WORDS)


class MaybeReporterForm(VerbForm):
    """What the reporter may add."""

    said = TextField(label=_("What you want to say"), max_length=WORDS, required=False)


class NoteForm(VerbForm):
    """Words for colleagues."""

    note = TextField(label=_("Note for colleagues"), max_length=WORDS)


class MaybeNoteForm(VerbForm):
    """Words for colleagues, if there are any."""

    note = TextField(label=_("Note for colleagues"), max_length=WORDS, required=False)


class ReasonForm(VerbForm):
    """A reason."""

    reason = TextField(label=_("Reason"), max_length=300)


class RegisterForm(VerbForm):
    """Registering: category and urgency may be corrected at once."""

    category = CategoryField(label=_("Category"), required=False)
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=[("", _("as the category says")), *Urgency.choices],
        required=False,
    )
    note = TextField(label=_("Note for colleagues"), max_length=WORDS, required=False)

    def clean(self) -> dict[str, Any]:
        """Pass the category by its code."""
        return _by_code(super().clean() or {})


class ClassifyForm(RegisterForm):
    """Correcting category or urgency, with the reason."""

    note = None  # type: ignore[assignment]  # Django's way to drop an inherited field
    reason = TextField(label=_("Why (the reporter reads this)"), max_length=WORDS)


class ReferForm(SaidForm):
    """Referring out."""

    refer_to = LineField(label=_("Where it belongs (office or number)"), max_length=80)


class ExcludeForm(VerbForm):
    """Letting go of what is never kept."""

    rule = forms.ChoiceField(label=_("Which rule"), choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = [(one.code, one.tell) for one in exclusions()]
        cast(forms.ChoiceField, self.fields["rule"]).choices = rules


class MergeForm(VerbForm):
    """Merging into another report."""

    into = LineField(label=_("Number of the report that goes on"), max_length=20)
    note = TextField(label=_("Note for colleagues"), max_length=WORDS, required=False)


class SplitForm(VerbForm):
    """Taking out a part."""

    category = CategoryField(label=_("Category of the part"))
    text = TextField(label=_("What this part is"), max_length=WORDS)

    def clean(self) -> dict[str, Any]:
        """Pass the category by its code."""
        return _by_code(super().clean() or {})


class SettleForm(VerbForm):
    """Handled on the spot: before and after."""

    before = TextField(label=_("What was found"), max_length=WORDS)
    after = TextField(label=_("What was done"), max_length=WORDS)


class DispatchForm(VerbForm):
    """Who leads, who supports."""

    lead = forms.ModelChoiceField(Office.objects.none(), label=_("Lead office"))
    supports = forms.ModelMultipleChoiceField(
        Office.objects.none(),
        label=_("Supporting offices"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = TextField(label=_("Note for the offices"), max_length=300, required=False)

    def offer(self, case: Case) -> None:
        """Offer the town's offices in use; propose whom the matrix or the catalogue names."""
        offices = Office.objects.filter(township=case.township, active=True)
        offer(self, "lead", offices.filter(can_close=True))
        found = suggest_offices(case)
        proposed = Choose(When(pk__in=[one.pk for one in found.supports], then=0), default=1)
        offer(self, "supports", offices.order_by(proposed, "code", "place"))
        if not self.is_bound:
            self.fields["lead"].initial = found.lead
            self.fields["lead"].help_text = found.reason
            self.fields["supports"].initial = list(found.supports)


class AppointForm(DispatchForm):
    """What the joint meeting decided."""

    note = TextField(label=_("What the meeting decided and why"), max_length=300)


class AssignForm(VerbForm):
    """Who of the office does it."""

    post = forms.ModelChoiceField(Post.objects.none(), label=_("Who"))
    note = TextField(label=_("Note for colleagues"), max_length=WORDS, required=False)

    def offer(self, case: Case) -> None:
        """Offer the current posts of the lead office."""
        posts = Post.objects.current(timezone.localdate(clock.now())).filter(
            office=case.lead_office_id
        )
        offer(self, "post", posts.select_related("account", "office"))


class ContactForm(MaybeSaidForm):
    """How the reporter or the place was reached."""

    method = forms.ChoiceField(label=_("How"), choices=CONTACTS)


class PauseForm(SaidForm):
    """Why the clock stops."""

    reason = forms.ChoiceField(
        label=_("Why the clock stops"),
        choices=[(one.value, one.label) for one in PauseReason if one != PauseReason.AFTER_CLOSING],
    )


class AskExtensionForm(ReasonForm):
    """How much more time, and why."""

    limit = LineField(label=_("How much more (for example 3wd, 8wh)"), max_length=8)

    def offer(self, case: Case) -> None:
        """Offer what may be asked for, in words; a program may ask for anything up to it."""
        longer = [(limit, spell_limit(limit)) for limit in list_longer(case.matter, Step.HANDLE)]
        self.fields["limit"].label = _("How much more")
        self.fields["limit"].widget = forms.Select(choices=longer)


class ReplyForm(VerbForm):
    """The office's answer."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[(one.value, one.label) for one in OUTCOMES]
    )
    said = TextField(label=_("Answer to the reporter, in plain words"), max_length=WORDS)
    evidence = TextField(label=_("What shows it (or add photos)"), max_length=WORDS)
    next_on = DayField(
        label=_("Next answer on"),
        required=False,
        help_text=_("Needed where it cannot be solved now."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean(self) -> dict[str, Any]:
        """Pass the answer as one value; ask for the next day where the outcome needs one."""
        data = super().clean() or {}
        if data.get("outcome") == Ending.CANNOT_NOW and not data.get("next_on"):
            self.add_error("next_on", _("Say on which day the reporter gets the next answer."))
        if self.errors:
            return data
        return {"seen": data.pop("seen"), "answer": handling.Answer(**data)}


class AnswerAgainForm(ReplyForm):
    """The next answer on something that could not be solved at first."""

    evidence = TextField(label=_("What shows it (or add photos)"), max_length=WORDS, required=False)


class CloseForm(VerbForm):
    """What the verifier found."""

    method = forms.ChoiceField(label=_("Verified how"), choices=METHODS)
    reached = forms.BooleanField(
        label=_("The reporter was reached and confirmed it"), required=False
    )
    note = TextField(label=_("Note for colleagues"), max_length=WORDS, required=False)


class ReworkForm(CloseForm):
    """What is still to be done."""

    note = None  # type: ignore[assignment]  # Django's way to drop an inherited field
    reached = forms.BooleanField(label=_("The reporter was reached"), required=False)
    said = TextField(label=_("What is still to be done"), max_length=WORDS)


class RateForm(MaybeReporterForm):
    """How it was handled."""

    score = forms.TypedChoiceField(label=_("How it was handled"), choices=Score.choices, coerce=int)


@dataclass(frozen=True)
class Verb:
    """A verb as doors offer it."""

    label: Any
    form: type[VerbForm]
    do: Callable[..., Case]


VERBS: Mapping[str, Verb] = {
    "register": Verb(_("Register"), RegisterForm, sorting.register),
    "dispatch": Verb(_("Dispatch"), DispatchForm, dispatching.dispatch),
    "appoint_lead": Verb(_("Record the meeting's decision"), AppointForm, dispatching.appoint_lead),
    "sign": Verb(_("Sign for it"), NothingForm, handling.sign),
    "assign": Verb(_("Give to somebody"), AssignForm, dispatching.assign),
    "contact": Verb(_("Record the first response"), ContactForm, handling.contact),
    "assist": Verb(_("Report our support"), NoteForm, handling.assist),
    "settle": Verb(_("Handled on the spot"), SettleForm, handling.settle),
    "reply": Verb(_("Answer"), ReplyForm, handling.reply),
    "close": Verb(_("Verified: close"), CloseForm, checking.close),
    "rework": Verb(_("Not done: send back"), ReworkForm, checking.rework),
    "check_site": Verb(_("Report from the place"), NoteForm, checking.check_site),
    "pause": Verb(_("Pause the clock"), PauseForm, handling.pause),
    "resume": Verb(_("Resume the clock"), MaybeSaidForm, handling.resume),
    "ask_extension": Verb(_("Ask for more time"), AskExtensionForm, handling.ask_extension),
    "grant_extension": Verb(_("Grant more time"), SaidForm, handling.grant_extension),
    "refuse_extension": Verb(_("Refuse more time"), NoteForm, handling.refuse_extension),
    "object_dispatch": Verb(_("Not ours: return"), ReasonForm, dispatching.object_dispatch),
    "answer": Verb(_("Answer at once"), SaidForm, sorting.answer),
    "answer_again": Verb(_("Next answer"), AnswerAgainForm, handling.answer_again),
    "send_back": Verb(_("Ask the reporter"), SaidForm, sorting.send_back),
    "classify": Verb(_("Correct category or urgency"), ClassifyForm, sorting.classify),
    "refer": Verb(_("Refer out"), ReferForm, sorting.refer),
    "merge": Verb(_("Merge"), MergeForm, sorting.merge),
    "split": Verb(_("Take out a part"), SplitForm, sorting.split),
    "exclude": Verb(_("Not for this platform"), ExcludeForm, sorting.exclude),
    "uphold": Verb(_("Uphold the objection"), SaidForm, checking.uphold),
    "dismiss": Verb(_("Dismiss the objection"), SaidForm, checking.dismiss),
    "reopen": Verb(_("Take up again"), SaidForm, checking.reopen),
    "add": Verb(_("Add something"), ReporterForm, reporting.add),
    "urge": Verb(_("Urge"), MaybeReporterForm, reporting.urge),
    "rate": Verb(_("Rate"), RateForm, reporting.rate),
    "object": Verb(_("It is not solved"), ReporterForm, reporting.object_),
    "withdraw": Verb(_("Withdraw the report"), MaybeReporterForm, reporting.withdraw),
    "hide": Verb(_("Take off the public map"), NoteForm, sorting.hide),
    "show": Verb(_("Show on the public map again"), MaybeNoteForm, sorting.show),
    "renew_code": Verb(_("New look-up code"), NothingForm, reporting.renew_code),
    "erase": Verb(_("Erase my data"), NothingForm, reporting.erase),
}
