from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    """Messages in the house and out of it."""

    name = "linli.channels"
    label = "channels"

    def ready(self) -> None:
        """Offer the channels, link the notices, erase what is old."""
        from linli.channels import registry, services
        from linli.channels.email.channel import Email
        from linli.channels.notice.channel import Notice
        from linli.kit import slots
        from linli.privacy.services import register_eraser

        registry.register(Notice())
        registry.register(Email())
        slots.fill("nav", "channels:notices", order=30, label=_("Notices"), power="staff")
        register_eraser("channels.messages", services.erase_old)
