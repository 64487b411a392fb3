"""One report goes all the way, by seven people."""

from datetime import timedelta

from linli.audit.queries import verify
from linli.cases.choices import State
from linli.cases.models.case import Case
from linli.cases.queries.cases import list_story
from linli.cases.services import checking, dispatching, handling, reporting, sorting
from linli.cases.services.handling import Answer
from linli.cases.tests.town import CONTACT, MONDAY, Town
from linli.duties.models import Duty
from linli.kit import clock


def test_it_goes_from_the_report_to_the_rating(town: Town) -> None:
    case = town.report(contact=CONTACT, urgency="")
    assert case.grid == town.grid
    assert (case.state, case.urgency, case.due_at is not None) == (State.REPORTED, "P3", True)

    sorting.register(case.pk, actor=town.intake)
    case = dispatching.dispatch(case.pk, actor=town.dispatcher, lead=town.lights)
    assert case.promised_at is not None
    with clock.at(MONDAY + timedelta(hours=1)):
        handling.sign(case.pk, actor=town.handler)
        handling.contact(case.pk, actor=town.handler, method="phone", said="已联系")
    with clock.at(MONDAY + timedelta(days=1)):
        answer = Answer(outcome="solved", said="换了灯泡,现在亮了", evidence="照片")
        case = handling.reply(case.pk, actor=town.handler, answer=answer)
        if case.state == State.VERIFYING:
            case = checking.close(case.pk, actor=town.verifier, method="site", reached=True)
    with clock.at(MONDAY + timedelta(days=2)):
        case = reporting.rate(case.pk, actor=town.reporter(case), score=5)

    assert (case.state, case.ending, case.score) == (State.CLOSED, "solved", 5)
    assert case.answered_at < case.promised_at
    assert not Duty.objects.live().of(case.matter).exists()
    verbs = [entry.verb for entry in list_story(case, public=True)]
    assert verbs[:4] == ["report", "register", "dispatch", "sign"]
    assert list(verify()) == []
    assert Case.objects.get(pk=case.pk).version == case.version
