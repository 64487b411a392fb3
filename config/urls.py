"""Every address of the product: each app brings its own, named by verb."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linli.site.urls")),
    path("accounts/", include("allauth.urls")),
]
