from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Files of matters."""

    name = "linli.documents"
    label = "documents"

    def ready(self) -> None:
        """Sweep away files that no row knows; a matter's app erases its files with `erase_all`."""
        from linli.documents.services import erasing
        from linli.privacy.services import register_eraser

        register_eraser("documents.orphans", erasing.sweep)
