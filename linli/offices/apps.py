from django.apps import AppConfig


class OfficesConfig(AppConfig):
    """Offices, posts and accounts."""

    name = "linli.offices"
    label = "offices"
