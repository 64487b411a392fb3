from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Sealed fields and what people may ask about them."""

    name = "linli.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Link the register on every page, the requests on the desk; erase old requests."""
        from linli.kit import slots
        from linli.offices.services import erase_closed_accounts, erase_ended_sessions
        from linli.privacy import services

        slots.fill("foot", "privacy:register", order=40, label=_("Personal data"))
        slots.fill("nav", "privacy:requests", order=80, label=_("Requests"), power="privacy")
        services.register_eraser("privacy.requests", services.erase_requests)
        services.register_eraser("offices.accounts", erase_closed_accounts)
        services.register_eraser("offices.sessions", erase_ended_sessions)
