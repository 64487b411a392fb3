from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Files of matters."""

    name = "linli.documents"
    label = "documents"

    def ready(self) -> None:
        """Erase files whose time is over, and files that no row knows."""
        from linli.documents.services import erasing
        from linli.privacy.services import register_eraser

        register_eraser("documents.attachments", erasing.erase_due)
        register_eraser("documents.orphans", erasing.sweep)
