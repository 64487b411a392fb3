from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Lets lower floors ask who may read a case's duties, files and messages."""

    name = "linli.cases"
    label = "cases"
