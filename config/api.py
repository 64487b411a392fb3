"""The documented API under /api/v1: each app brings its router."""

from ninja import NinjaAPI

from linli.analytics.api import router as analytics
from linli.areas.api import router as areas
from linli.cases.api import router as cases
from linli.kit.answers import speak

api = NinjaAPI(
    title="Linli",
    version="1",
    description="The working system of a township's governance centre. Errors are problem+json.",
    urls_namespace="api",
    docs_url=None,  # a page with scripts from elsewhere; openapi.json is the document
)
speak(api)
api.add_router("", cases)
api.add_router("", areas)
api.add_router("", analytics)
