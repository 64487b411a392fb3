"""Who acts in the sample town, and when offices are open."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from linli.cases.models.case import Case
from linli.cases.queries.catalogue import suggest_offices
from linli.demo.services.plans import Plan
from linli.duties.queries.calendars import get_calendar
from linli.offices.models import Actor, Office, Post, as_actor, resident


class Cast:
    """The posts of the sample town as actors, looked up once."""

    def __init__(self, township: str) -> None:
        self.township = township
        posts = Post.objects.filter(office__township=township).select_related("account", "office")
        self._by_name = {post.account.username: as_actor(post) for post in posts}
        self._by_office: dict[UUID, Actor] = {}
        for post in posts:
            if post.role in {"R09", "R03"}:
                self._by_office.setdefault(post.office_id, as_actor(post))
        self._offices = {
            office.code: office for office in Office.objects.filter(township=township, place="")
        }
        self._suggested: dict[tuple[str, UUID | None], tuple[Office, list[Office]]] = {}
        self.calendar = get_calendar(township)
        self.intake = self._by_name["shouli"]
        self.dispatcher = self._by_name["paiqian"]
        self.verifier = self._by_name["hecha"]
        self.caller = self._by_name["huifang"]
        self.leader = self._by_name["lingdao"]
        self.grid_worker = self._by_name["wangge1"]

    def reporter(self, plan: Plan) -> Actor:
        """Return who reports: a grid worker, the desk for a caller, or a resident."""
        if plan.channel == "grid":
            return self.grid_worker
        return self.intake if plan.channel in {"phone", "counter"} else resident(self.township)

    def handler(self, case: Case) -> Actor:
        """Return somebody of the office that leads."""
        if case.lead_office_id is None:
            raise ValueError(f"{case} has no lead")
        return self._by_office[case.lead_office_id]

    def suggested(self, case: Case) -> tuple[Office, list[Office]]:
        """Return who leads and supports; an office without people in the sample is replaced."""
        known = self._suggested.get((case.category_id, case.village_id))
        if known is None:
            found = suggest_offices(case)
            lead = found.lead if found.lead and found.lead.pk in self._by_office else None
            lead = lead or self._offices["GOV-CJ"]
            known = lead, [one for one in found.supports[:1] if one != lead]
            self._suggested[case.category_id, case.village_id] = known
        return known

    def wrong_office(self, lead: Office, number: int) -> Office:
        """Return an office that the case was sent to by mistake."""
        wrong = [self._offices[code] for code in ("GOV-ZF", "GOV-NY", "GOV-WL")]
        return [office for office in wrong if office != lead][number]

    def in_office(self, moment: datetime) -> datetime:
        """Return `moment`, or the next opening of the offices after it."""
        local = timezone.localtime(moment)
        day = local.date()
        if self.calendar.is_worked(day) and time(8, 30) <= local.time() <= time(18, 0):
            return moment
        if local.time() > time(18, 0) or not self.calendar.is_worked(day):
            day += timedelta(days=1)
        opening = timezone.make_aware(datetime.combine(self.calendar.next_worked(day), time(8, 30)))
        return max(moment, opening + timedelta(minutes=local.minute))
