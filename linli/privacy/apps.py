from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Sealed fields and what people may ask about them."""

    name = "linli.privacy"
    label = "privacy"
