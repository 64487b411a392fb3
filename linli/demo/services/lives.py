"""How a case of the sample town lives: a generator that waits, then does the next verb."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from linli.cases.choices import Ending, State, Step
from linli.cases.models.case import Case
from linli.cases.queries.cases import as_reporter
from linli.cases.services import checking, dispatching, handling, reporting, sorting
from linli.cases.services.handling import Answer
from linli.cases.services.intake import Place, Report, report
from linli.demo.services.cast import Cast
from linli.demo.services.people import FACTS
from linli.demo.services.plans import Plan
from linli.duties.queries.owed import running
from linli.kit import clock

Wait = timedelta
Life = Iterator[Wait]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Story:
    """One case and the dice that decide about it."""

    def __init__(self, plan: Plan, cast: Cast, random: Random) -> None:
        self.plan, self.cast, self.random = plan, cast, random
        self.case: Case

    def chance(self, share: float) -> bool:
        """Throw a die: true in `share` of all throws."""
        return self.random.random() < share

    def about(self, usual: Wait) -> Wait:
        """Return a time that is usually near `usual`, sometimes several times as long."""
        return usual * self.random.lognormvariate(0, 0.6)

    def at_work(self, usual: Wait) -> Wait:
        """Return how long until somebody in an office has done something that takes `usual`."""
        return self.cast.in_office(clock.now() + self.about(usual)) - clock.now()

    def live(self) -> Life:
        """Go from the report to the end, or to where the plan stops."""
        self._report()
        if self.plan.way == "settled":
            yield 20 * MINUTE
            yield from self._settle()
            return
        urgent = self.case.urgency == "P1"
        yield self.about(5 * MINUTE) if urgent else self.at_work(40 * MINUTE)
        if self._stops(State.REPORTED):
            return
        ends = {
            "answered": self._answer,
            "referred": self._refer,
            "merged": self._merge,
            "withdrawn": self._withdraw,
            "excluded": self._exclude,
            "lapsed": self._ask_back,
        }
        if self.plan.way in ends:
            yield from ends[self.plan.way]()
            return
        if self.plan.stop == State.RETURNED or self.chance(0.03):
            yield from self._ask_back()
            if self.plan.stop == State.RETURNED:
                return
        yield from self._handle()

    def _stops(self, state: str) -> bool:
        return self.plan.stop == state

    def _report(self) -> None:
        if self.plan.way == "merged":
            self._see_the_same()
        plan = self.plan
        actor = self.cast.reporter(plan)
        what = Report(plan.category, plan.text, plan.place, plan.contact, plan.channel)
        self.case = report(what, actor=actor)

    def _see_the_same(self) -> None:
        """Report what somebody else reported a little while ago, from the next door."""
        other = Case.objects.filter(township=self.cast.township, lng__isnull=False).open()
        plain = other.filter(merged_into__isnull=True, category__personal_data="contact")
        seen = plain.order_by("-pk").first()
        if seen is None or seen.lng is None or seen.lat is None:
            return
        place = Place(seen.lng + 1e-5, seen.lat, "wgs84", seen.address, seen.village_id)
        text = f"{seen.title}，我也看到了。"
        self.plan = replace(self.plan, category=seen.category_id, text=text, place=place)

    def _do(self, verb: Any, who: Any, **words: Any) -> None:
        self.case = verb(self.case.pk, actor=who, **words)

    def _settle(self) -> Life:
        worker = self.cast.grid_worker
        self._do(handling.settle, worker, before=self.plan.text, after="当场清理完毕，已提醒。")
        if self.case.state == State.VERIFYING:
            yield self.at_work(1 * DAY)
            self._do(checking.close, self.cast.verifier, method="photo")

    def _answer(self) -> Life:
        said = "工作日 8:30 到便民服务中心一号窗口办理，当场办结。"
        self._do(sorting.answer, self.cast.intake, said=said)
        yield from self._after()

    def _refer(self) -> Life:
        said = "该路段由上级交通部门养护，已一并转告，您也可以直接拨打热线。"
        self._do(sorting.refer, self.cast.intake, refer_to="12345", said=said)
        yield from self._after()

    def _merge(self) -> Life:
        same = Case.objects.filter(category=self.case.category, merged_into__isnull=True).open()
        other = same.filter(address=self.case.address).exclude(pk=self.case.pk).first()
        if other is None:
            yield from self._handle()
        else:
            self._do(sorting.merge, self.cast.intake, into=other.number)

    def _withdraw(self) -> Life:
        self._do(reporting.withdraw, as_reporter(self.case), said="已经好了，不用来了。")
        yield from ()

    def _exclude(self) -> Life:
        self._do(sorting.exclude, self.cast.intake, rule="suspicion")
        yield from ()

    def _ask_back(self) -> Life:
        self._do(sorting.send_back, self.cast.intake, said="请补充具体位置，例如灯杆编号或门牌。")
        if self._stops(State.RETURNED):
            return
        yield self.about(6 * HOUR)
        self._do(reporting.add, as_reporter(self.case), said="在路口第二根杆子旁边。")
        yield self.at_work(1 * HOUR)
        if self.plan.way == "lapsed":
            yield from self._answer()

    def _handle(self) -> Life:
        self._do(sorting.register, self.cast.intake)
        if self._stops(State.REGISTERED):
            return
        yield self.about(5 * MINUTE) if self.case.urgency == "P1" else self.at_work(30 * MINUTE)
        yield from self._send_and_work()

    def _send_and_work(self) -> Life:
        yield from self._dispatch()
        if self.case.state not in {State.DISPATCHED, State.HANDLING}:
            return
        if self.case.state == State.DISPATCHED:
            if self._stops(State.DISPATCHED):
                return
            quick = self.case.urgency in {"P1", "P2"}
            yield self.about(8 * MINUTE) if quick else self.at_work(90 * MINUTE)
            self._do(handling.sign, self.cast.handler(self.case))
        if self.chance(0.8):
            yield self.about(15 * MINUTE) if self.case.urgency == "P1" else self.at_work(2 * HOUR)
            said = self.random.choice(["已电话联系，约好到场时间。", "已到现场查看。"])
            self._do(handling.contact, self.cast.handler(self.case), method="phone", said=said)
        yield from self._work()

    def _dispatch(self) -> Life:
        lead, supports = self.cast.suggested(self.case)
        wrong = self.plan.stop == State.MEETING or self.chance(0.07)
        for bounce in range(2 if wrong and (self.plan.stop or self.chance(0.35)) else int(wrong)):
            other = self.cast.wrong_office(lead, bounce)
            self._do(dispatching.dispatch, self.cast.dispatcher, lead=other)
            yield self.at_work(1 * HOUR)
            reason = "不属于本单位职责，建议改派。"
            self._do(dispatching.object_dispatch, self.cast.handler(self.case), reason=reason)
            yield self.at_work(40 * MINUTE)
        if self.case.state == State.MEETING:
            if self._stops(State.MEETING):
                return
            yield self.at_work(3 * HOUR)
            note = "会商意见：由该单位牵头，其他单位配合。"
            self._do(dispatching.appoint_lead, self.cast.leader, lead=lead, note=note)
            return
        self._do(dispatching.dispatch, self.cast.dispatcher, lead=lead, supports=supports)

    def _work(self) -> Life:
        if self._stops(State.HANDLING):
            return
        if self.plan.stop == State.PAUSED or self.chance(0.05):
            yield from self._pause()
            if self.case.state == State.PAUSED:
                return
        if self.chance(0.05) and self.case.due_at and self.case.due_at > clock.now():
            yield from self._extend()
        yield self.at_work(self._usual_work() * self.plan.slow)
        if self.chance(0.03) and not self.case.urged:
            self._do(reporting.urge, as_reporter(self.case), said="什么时候能好?")
        yield from self._answer_and_check()

    def _usual_work(self) -> Wait:
        promised = self.case.promised_at or clock.now() + DAY
        return max((promised - clock.now()) * 0.4, 20 * MINUTE)

    def _pause(self) -> Life:
        handler = self.cast.handler(self.case)
        if self.case.promised_at is None or self.case.promised_at < clock.now():
            return
        said = "连续下雨，等天晴后施工。"
        self._do(handling.pause, handler, reason="weather", said=said)
        if self._stops(State.PAUSED):
            return
        yield self.at_work(6 * HOUR)
        self.case.refresh_from_db()
        if self.case.state == State.PAUSED:
            self._do(handling.resume, handler, said="天晴了，继续施工。")

    def _extend(self) -> Life:
        owed = next(duty for duty in running(self.case.matter) if duty.step == Step.HANDLE)
        limit = f"1{owed.limit.lstrip('0123456789')}"
        handler = self.cast.handler(self.case)
        self._do(handling.ask_extension, handler, limit=limit, reason="配件需要从县里调货")
        yield self.about(30 * MINUTE)
        said = "配件需要从县里调货，到货后立即更换。"
        self._do(handling.grant_extension, self.cast.leader, said=said)

    def _answer_and_check(self) -> Life:
        for tries in range(3):
            self._reply()
            if self.case.state != State.VERIFYING:
                break
            if self._stops(State.VERIFYING):
                return
            yield self.at_work(5 * HOUR)
            if tries == 2 or not self.chance(0.08):
                self._do(
                    checking.close, self.cast.verifier, method="site", reached=self.chance(0.6)
                )
                break
            self._do(checking.rework, self.cast.verifier, method="site", said="现场仍未处理到位。")
            yield self.at_work(6 * HOUR)
        yield from self._after()

    def _reply(self) -> None:
        outcome = self.random.choices(
            ["solved", "partly", "cannot_now", "unfounded", "duplicate", "legal_route"],
            [80, 7, 5, 4, 2, 2],
        )[0]
        day = (clock.now() + self.random.randint(20, 60) * DAY).date()
        answer = Answer(
            outcome=outcome,
            said=self.random.choice(FACTS["answers"][outcome]),
            evidence="见现场照片。",
            next_on=day if outcome == Ending.CANNOT_NOW else None,
        )
        self._do(handling.reply, self.cast.handler(self.case), answer=answer)

    def _after(self) -> Life:
        """What the reporter does once it is closed."""
        if self.chance(0.35):
            yield self.about(5 * HOUR)
            self._rate()
        elif self.chance(0.06):
            yield self.about(1 * DAY)
            yield from self._object()
        if self.case.ending == Ending.CANNOT_NOW and self.case.next_answer_on:
            yield self.about(25 * DAY)
            answer = Answer("solved", "资金已落实，施工完成。")
            self._do(handling.answer_again, self.cast.handler(self.case), answer=answer)
            if self.case.state == State.VERIFYING:
                yield self.at_work(5 * HOUR)
                self._do(checking.close, self.cast.verifier, method="site")

    def _rate(self) -> None:
        if not self.case.is_closed:
            return
        score = self.random.choices([5, 4, 3, 2, 1], [45, 30, 12, 8, 5])[0]
        self._do(reporting.rate, as_reporter(self.case), score=score)

    def _object(self) -> Life:
        if not self.case.closed_at or clock.now() > self.case.closed_at + 6 * DAY:
            return
        self._do(reporting.object_, as_reporter(self.case), said="没有真正解决，昨天又出现了。")
        if self.plan.stop:
            return
        yield self.at_work(5 * HOUR)
        if self.chance(0.6):
            self._do(checking.uphold, self.cast.caller, said="情况属实，退回重新办理。")
            yield self.at_work(6 * HOUR)
            if self.case.state == State.HANDLING:
                yield from self._answer_and_check()
            else:
                yield from self._send_and_work()
        else:
            said = "现场核实已经处理；如不同意，可向县里申请复查。"
            self._do(checking.dismiss, self.cast.caller, said=said)
