"""Every address of the product: each app brings its own, named by verb."""

from django.urls import URLPattern, URLResolver, include, path

from config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linli.site.urls")),
    path("", include("linli.offices.urls")),
    path("", include("linli.channels.urls")),
    path("privacy/", include("linli.privacy.urls")),
    path("files/", include("linli.documents.urls")),
    path("areas/", include("linli.areas.urls")),
    path("duties/", include("linli.duties.urls")),
    path("", include("linli.cases.urls")),
    path("figures/", include("linli.analytics.urls")),
    path("figures/", include("linli.transparency.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
]

handler400 = "linli.kit.answers.bad_request"
handler403 = "linli.kit.answers.forbidden"
handler404 = "linli.kit.answers.not_found"
handler500 = "linli.kit.answers.failed"
