"""A courier with a real store, a recording channel and a recording desk, and the events' side played by hand."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from contracts.ids import notice_id, problem_id
from contracts.notice import Notice, NoticePhase
from contracts.problem import Phase, ProblemPhase
from contracts.promise import PromiseState
from contracts.tell import RuleTelling
from notifiers.channels import Channel, Recording, RecordingDesk
from notifiers.composing import Composer, Sender
from notifiers.courier import Courier, HandedOver, Happening, Held, News, Told, Tried, Withheld
from storage.records import CustomerRow, RecordedPhase
from storage.sql_store import SqlStore
from storage.sqlite import open_memory
from tests.notifiers.builders import CHOICES, FACTS, MONDAY, a_rule, live

T = TypeVar("T")
LOOP = asyncio.Runner()


def in_the_loop(doing: Coroutine[Any, Any, T]) -> T:
    """Run it in the one loop of these tests, as a process does: what a channel holds belongs to its loop."""
    return LOOP.run(doing)


class House:
    """said: what the courier did so far, in words, but for its tries; happened: all of it. store: else one of its own."""

    def __init__(
        self, *rules: RuleTelling, channels: dict[str, Channel] | None = None, store: SqlStore | None = None, **courier: Any
    ) -> None:
        self.rules = {rule.rule: rule for rule in rules or (a_rule(),)}
        self.store: SqlStore = store or open_memory()
        self.channel, self.desk = Recording(), RecordingDesk()
        self.said: list[str] = []
        self.happened: list[Happening] = []
        self._channels, self._settings = channels, courier
        self.courier = self.another_courier()
        with self.store.transaction() as tx:
            for rule in self.rules:
                tx.save_rule(live(rule=rule))
        self.know("C1")

    def another_courier(self, **changes: Any) -> Courier:
        return Courier(
            self.store,
            self.rules,
            composer=Composer(choices=CHOICES, sender=Sender()),
            stand_in=self.channel,
            desk=self.desk,
            channels=self._channels,
            **{**self._settings, **changes},
        )

    def know(self, customer: str, **profile: Any) -> None:
        fields = {name: [value, MONDAY, "e0"] for name, value in profile.items()}
        with self.store.transaction() as tx:
            tx.save_customers([CustomerRow(customer, fields, [])])

    def find(self, now: int, phase: Phase = Phase.OPENED, **changes: Any) -> str:
        """Let a problem of a case take its next phase at `now`, with the notice it makes; return the notice's id."""
        rule, case = changes.pop("rule", "late-parcel"), changes.pop("case", "parcel/P1")
        notice = {name: changes.pop(name) for name in ("graver", "fact") if name in changes}
        hand_over_at = changes.pop("hand_over_at", None)
        fields = {
            "problem": problem_id(rule, case, MONDAY, 0),
            "rule": rule,
            "case": case,
            "customer": "C1",
            "watch_start": MONDAY,
            "number": 0,
            "phase": phase,
            "detector": "silent",
            "says": "may be late",
            "at": now,
            "opened_at": now,
            "facts": FACTS,
            "fired": {},
        }
        found = ProblemPhase(**{**fields, **changes})
        with self.store.transaction() as tx:
            tx.record_phases([RecordedPhase(found, now, hand_over_at=hand_over_at)])
            if phase.ends:
                tx.end_promises([found.problem], PromiseState.ENDED, now=now)
            return self._notice(tx, found, now, **notice)

    def _notice(self, tx: Any, found: ProblemPhase, now: int, **changes: Any) -> str:
        phase = NoticePhase(found.phase)
        number = tx.notice_count(found.problem, phase)
        notice = Notice(
            notice=notice_id(found.problem, phase, number),
            problem=found.problem,
            rule=found.rule,
            case=found.case,
            customer=found.customer,
            phase=phase,
            number=number,
            detector=found.detector,
            says=found.says,
            at=found.at,
            found_at=now,
            urgency=self.rules[found.rule].tell.urgency,
            ask_at=now,
            **changes,
        )
        tx.add_notices([notice])
        return notice.notice

    def round(self, now: int, courier: Courier | None = None) -> list[str]:
        """Ask the courier once; return what it did in words."""
        happenings = in_the_loop((courier or self.courier).round(now))
        self.happened += happenings
        words = [in_words(happening) for happening in happenings if not isinstance(happening, Tried)]
        self.said += words
        return words

    def run(self, until: int) -> list[tuple[int, str]]:
        """Ask the courier whenever something is due, up to `until`; return what it did, with the times."""
        done: list[tuple[int, str]] = []
        while (now := self.store.next_ask()) is not None and now <= until:
            done += [(now, word) for word in self.round(now)]
        return done

    def answer(self, notice: str) -> tuple[str, str | None]:
        """Return how a notice was answered, and why."""
        return next((row["answer"], row["reason"]) for row in self.store.export("notices") if row["notice"] == notice)

    def attempts(self) -> list[tuple[str, str]]:
        return [(row["channel"], row["outcome"]) for row in self.store.export("attempts")]

    def promises(self) -> list[str]:
        return [row["state"] for row in self.store.export("promises")]


def in_words(happening: Happening) -> str:
    match happening:
        case Told(notice=notice):
            return f"told {notice.phase} of {notice.case}"
        case Held(reason=reason):
            return f"held {reason}"
        case Withheld(reason=reason, to_a_person=to_a_person):
            return f"withheld {reason}{', for a person' if to_a_person else ''}"
        case News(text=text):
            return f"news {text}"
        case HandedOver(desk=desk):
            return f"handed over to {desk}"
        case Tried(outcome=outcome):
            return f"tried: {outcome}"
