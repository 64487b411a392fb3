"""The words that the rooms of cases share."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a case stands."""

    REPORTED = "reported", _("Waiting to be registered")
    RETURNED = "returned", _("Waiting for the reporter")
    REGISTERED = "registered", _("Waiting to be dispatched")
    DISPATCHED = "dispatched", _("Waiting to be signed for")
    MEETING = "meeting", _("In a joint meeting")
    HANDLING = "handling", _("Being handled")
    PAUSED = "paused", _("Paused")
    VERIFYING = "verifying", _("Waiting to be verified")
    CLOSED = "closed", _("Closed")


class Stage(models.TextChoices):
    """The seven steps of the loop, as the public sees them."""

    COLLECT = "collect", pgettext_lazy("step", "Reported")
    REGISTER = "register", pgettext_lazy("step", "Registered")
    DISPATCH = "dispatch", pgettext_lazy("step", "Dispatched")
    HANDLE = "handle", pgettext_lazy("step", "Handled")
    FEEDBACK = "feedback", pgettext_lazy("step", "Answered")
    VERIFY = "verify", pgettext_lazy("step", "Verified")
    EVALUATE = "evaluate", pgettext_lazy("step", "Rated")


class Ending(models.TextChoices):
    """How a case ended: six honest outcomes of handling, and the endings without handling."""

    SOLVED = "solved", _("Solved")
    PARTLY = "partly", _("Partly solved")
    CANNOT_NOW = "cannot_now", _("Cannot be solved now")
    UNFOUNDED = "unfounded", _("Not found to be so")
    DUPLICATE = "duplicate", _("Already being handled")
    LEGAL_ROUTE = "legal_route", _("Moved to a legal route")
    ON_SPOT = "on_spot", _("Handled on the spot")
    ANSWERED = "answered", _("Answered at once")
    REFERRED = "referred", _("Referred to the right place")
    MERGED = "merged", _("Merged with another report")
    WITHDRAWN = "withdrawn", _("Withdrawn by the reporter")
    EXCLUDED = "excluded", _("Not a matter for this platform")


OUTCOMES = (
    Ending.SOLVED,
    Ending.PARTLY,
    Ending.CANNOT_NOW,
    Ending.UNFOUNDED,
    Ending.DUPLICATE,
    Ending.LEGAL_ROUTE,
)


class Urgency(models.TextChoices):
    """How soon; `urgency.tsv` holds the clocks."""

    P1 = "P1", _("P1 critical")
    P2 = "P2", _("P2 urgent")
    P3 = "P3", _("P3 ordinary")
    P4 = "P4", _("P4 planned")


class Channel(models.TextChoices):
    """How a report came in."""

    WEB = "web", _("Web page")
    GRID = "grid", _("Grid worker")
    COUNTER = "counter", _("Counter")
    PHONE = "phone", _("Telephone")
    API = "api", _("Other system")
    IMPORT = "import", _("Imported list")
    MAIL = "mail", _("E-mail")


class Publicity(models.TextChoices):
    """How exactly the public map may show the place."""

    EXACT = "exact", _("Exact place")
    GRID = "grid", _("Grid only")
    NONE = "none", _("Not shown")


class Precision(models.TextChoices):
    """How the place was found, so that nobody takes a guess for a fact."""

    POINT = "point", _("Point on the map")
    SEVERAL = "several", _("In several grids")
    OUTSIDE = "outside", _("In no grid")
    AREA = "area", _("Village only")
    NONE = "none", _("Not known")


class Score(models.IntegerChoices):
    """What the reporter says of the way it was handled."""

    VERY_GOOD = 5, _("Very satisfied")
    GOOD = 4, _("Satisfied")
    FAIR = 3, _("So-so")
    POOR = 2, _("Dissatisfied")
    VERY_POOR = 1, _("Very dissatisfied")


class Step(models.TextChoices):
    """The duties that a case opens."""

    REGISTER = "register", _("Register")
    RETURNED = "returned", _("Decide if the reporter does not answer")
    DISPATCH = "dispatch", _("Dispatch")
    SIGN = "sign", _("Sign for it")
    RESPOND = "respond", _("First response")
    HANDLE = "handle", _("Handle")
    SUPPORT = "support", _("Support")
    MEETING = "meeting", _("Joint meeting")
    VERIFY = "verify", _("Verify")
    OBJECTION = "objection", _("Decide the objection")
    ANSWER_AGAIN = "answer_again", _("Answer again")


CASE = "case"
