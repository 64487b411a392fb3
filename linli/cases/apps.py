from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Tells lower floors who may read a case's duties, files and messages, and what to erase."""

    name = "linli.cases"
    label = "cases"

    def ready(self) -> None:
        """Register readers and erasers, listen to the alarms of duties."""
        from linli.cases.choices import CASE
        from linli.cases.queries.cases import may_add_files, sees
        from linli.cases.services import following, keeping, telling
        from linli.channels import rules as channels
        from linli.documents import rules as documents
        from linli.duties import events
        from linli.duties.rules import access
        from linli.kit import bus
        from linli.privacy.services import register_eraser

        access.register_reader(CASE, sees, url="cases:case")
        documents.register_reader(CASE, sees)
        documents.register_writer(CASE, may_add_files)
        channels.register_reader(CASE, sees, page="cases:case")
        for event in (
            events.DutyReminded,
            events.DutyLate,
            events.SupervisionOrdered,
            events.ProblemHung,
        ):
            bus.listen(event, telling.tell_alarm)
        bus.listen(events.DutyMoved, following.follow_clock)
        bus.listen(events.DutyExtended, following.follow_clock)
        bus.listen(events.PauseUsedUp, following.end_pause)
        register_eraser("cases.contacts", keeping.erase_contacts)
        register_eraser("cases.texts", keeping.erase_texts)
