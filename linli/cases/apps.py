from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from linli.kit import slots


class CasesConfig(AppConfig):
    """Tells lower floors who may read a case's duties, files and messages, and what to erase."""

    name = "linli.cases"
    label = "cases"

    def ready(self) -> None:
        """Register readers and erasers, listen to the alarms of duties, fill the navigation."""
        from linli.areas.rules.matters import register_names
        from linli.cases.choices import CASE, Step
        from linli.cases.queries.cases import lock_cases, may_add_files, sees
        from linli.cases.queries.catalogue import list_names
        from linli.cases.queries.stories import export_case
        from linli.cases.services import following, keeping, telling
        from linli.channels import rules as channels
        from linli.documents import rules as documents
        from linli.duties import events
        from linli.duties.rules import access
        from linli.kit import bus
        from linli.privacy.services import register_eraser, register_exporter

        access.register_reader(
            CASE, sees, url="cases:case", steps=dict(Step.choices), lock=lock_cases
        )
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
        register_names(list_names)
        register_exporter(CASE, export_case)
        register_eraser("cases.contacts", keeping.erase_contacts)
        register_eraser("cases.texts", keeping.erase_texts)
        slots.fill("nav", "cases:report", order=10, label=_("Report"))
        slots.fill("nav", "cases:look_up", order=11, label=_("Look up"))
        slots.fill("nav", "cases:desk", order=20, label=_("Worklist"), power="staff")
        slots.fill("home", "cases:counts", order=10, label=_("My work"), power="staff")
        slots.fill("foot", "cases:catalogue", order=20, label=_("What can be reported"))
