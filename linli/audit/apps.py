from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The trail has no panels of its own; transparency shows its roots."""

    name = "linli.audit"
    label = "audit"
