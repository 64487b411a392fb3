"""The documented API under /api/v1: each app brings its router."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from linli.areas.api import router as areas
from ninja import NinjaAPI
from ninja.errors import ValidationError

from linli.cases.api import router as cases
from linli.kit.errors import Invalid
from linli.kit.middleware import problem

api = NinjaAPI(
    title="Linli",
    version="1",
    description="The working system of a township's governance centre. Errors are problem+json.",
    urls_namespace="api",
)
api.add_router("", cases)
api.add_router("", areas)


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer parameters that cannot be read, one sentence for each."""
    fields = {str(fault["loc"][-1]): [_("This value cannot be read.")] for fault in error.errors}
    return problem(Invalid(fields))
