"""A try without an answer may have arrived: it is never forgotten, and repeated only where twice is no harm."""

import asyncio

import pytest

from contracts.message import Message, Outcome
from contracts.notice import NoticePhase
from contracts.problem import FactsChanged, Phase
from contracts.times import DAY, HOUR, MINUTE
from notifiers.channels import Recording, Reply
from tests.notifiers.builders import FACTS, NOON, a_day, a_notice, a_problem, a_rule, a_tell, at, cited
from tests.notifiers.house import House

BEFORE_NIGHT, MORNING = at("2026-03-04T20:58"), at("2026-03-05T08:00")
TOLD = "told opened of parcel/P1"
AMBIGUOUS, REFUSED = Reply(Outcome.AMBIGUOUS), Reply(Outcome.REFUSED)


class Vanishing(Recording):
    """A channel whose process dies before anything leaves it."""

    async def send(self, message: Message) -> Reply:
        raise ConnectionAbortedError


def a_house(channel: Recording) -> House:
    house = House(a_rule(tell=a_tell(next_update=DAY)))
    use(house, channel)
    return house


def use(house: House, channel: Recording) -> None:
    house.channel = channel
    house.courier = house.another_courier()


def vanish(house: House, now: int) -> None:
    with pytest.raises(ConnectionAbortedError):
        house.round(now)


@pytest.mark.parametrize(("at_most_once", "sent"), [(True, 1), (False, 2)])
def test_what_was_not_answered_is_sent_once_more_where_twice_is_no_harm(*, at_most_once: bool, sent: int) -> None:
    house = a_house(Recording(at_most_once=at_most_once, replies=(AMBIGUOUS, AMBIGUOUS)))
    notice = house.find(NOON)

    house.run(NOON + HOUR)

    assert house.said == [TOLD]
    assert house.answer(notice) == ("told", None)
    assert house.attempts() == [("email", "ambiguous")] * sent
    assert [row["sent_at"] for row in house.store.export("notices")] == ["2026-03-04T12:00:00Z"]
    assert [row["made_at"] for row in house.store.export("promises")] == ["2026-03-04T12:00:00Z"]


def test_a_try_that_died_with_its_courier_is_listed_as_ambiguous_beside_its_repeat() -> None:
    house = a_house(Vanishing())
    house.find(NOON)
    vanish(house, NOON)
    use(house, Recording())

    house.run(NOON + HOUR)

    first, second = house.store.export("attempts")
    assert (first["outcome"], first["detail"], second["outcome"]) == ("ambiguous", "no answer came", "accepted")
    assert first["ended_at"] == second["began_at"]


def test_what_was_not_answered_and_then_refused_counts_as_told() -> None:
    house = a_house(Recording(replies=(AMBIGUOUS, REFUSED)))
    notice = house.find(NOON)

    house.run(NOON + HOUR)

    assert house.answer(notice) == ("told", None)
    assert house.desk.items == {} and house.promises() == ["made"]


def test_what_was_not_answered_waits_for_morning_rather_than_count_as_told() -> None:
    house = a_house(Vanishing())
    house.find(BEFORE_NIGHT)
    vanish(house, BEFORE_NIGHT)
    use(house, Recording())

    house.run(MORNING + MINUTE)

    assert house.said == ["held quiet_hours", TOLD]
    assert len(house.channel.sent) == 1


def test_what_an_earlier_try_brought_to_its_customer_is_not_sent_again() -> None:
    house = a_house(Vanishing())
    notice = house.find(NOON)
    vanish(house, NOON)
    use(house, Recording(replies=(Reply(Outcome.RETRY),)))
    asyncio.run(house.courier.round(NOON + 5 * MINUTE))
    [first, _] = list(house.store.export("attempts"))
    house.store.session.change("UPDATE attempts SET outcome = 'accepted' WHERE message = ? AND tries = 1", first["message"])

    house.run(NOON + HOUR)

    assert house.answer(notice) == ("told", None)
    assert len(house.channel.sent) == 1


def test_what_was_not_answered_is_not_sent_again_when_it_is_over() -> None:
    house = a_house(Recording(replies=(AMBIGUOUS,)))
    notice = house.find(NOON)
    house.round(NOON)
    house.find(NOON + 1, Phase.SOLVED, detector=None)

    house.run(NOON + HOUR)

    assert house.answer(notice) == ("told", None)
    assert [message.notice == notice for message in house.channel.sent] == [True, False]


def test_a_correction_that_was_not_answered_is_sent_once_more() -> None:
    house = a_house(Recording())
    house.find(NOON)
    house.round(NOON)
    house.find(NOON + 1, Phase.CLEARED)
    house.round(NOON + 1)
    use(house, Recording(replies=(AMBIGUOUS,)))
    facts = {**FACTS, "promised": cited(a_day("2026-03-09"), "e9")}
    about = {"problem": a_problem().problem, "rule": "late-parcel", "case": "parcel/P1", "customer": "C1"}
    with house.store.transaction() as tx:
        tx.update_facts([FactsChanged(**about, at=NOON + 2, changed=("promised",), facts=facts)])
        tx.add_notices([a_notice(phase=NoticePhase.CORRECTED, fact="promised", at=NOON + 2, found_at=NOON + 2, ask_at=NOON + 2)])

    house.run(NOON + HOUR)

    assert [message.sections["what"] for message in house.channel.sent] == ["Your parcel P1 may arrive after Monday 9 March."] * 2
