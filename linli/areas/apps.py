from django.apps import AppConfig


class AreasConfig(AppConfig):
    """Places and who answers for them."""

    name = "linli.areas"
    label = "areas"
