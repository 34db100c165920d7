"""The story of problems: their phases, and for each notice what the gates said, what was written, sent and promised."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.ids import trace_of
from contracts.message import Attempt, Message
from contracts.notice import Notice
from contracts.tell import RuleTelling
from contracts.telling import ProblemNow
from contracts.values import FieldType
from contracts.verdict import GateAnswer
from storage.records import RecordedPhase
from tellfirst.story.plain import Answer, claimed_value, event, facts, instant, picked

Kept = Mapping[str, Sequence[Any]]


def problems(kept: Kept, tellings: Mapping[str, RuleTelling]) -> list[Answer]:
    """kept: what storage.store.Store.story returned. tellings: of the project's rules, which know the types of facts."""
    return [
        _problem(problem, kept, tellings[problem.rule].facts if problem.rule in tellings else {}) for problem in kept["problems"]
    ]


def _problem(problem: ProblemNow, kept: Kept, types: Mapping[str, FieldType]) -> Answer:
    return picked(problem, "problem", "rule", "case", "customer", "phase", "says", "at") | {
        "trace_id": f"{trace_of(problem.problem):032x}",
        "facts": facts(problem.facts, types),
        "fired_at": facts(problem.fired, types),
        "phases": [_phase(each) for each in kept["phases"] if each.phase.problem == problem.problem],
        "notices": [_notice(each, kept, types) for each in kept["notices"] if each.problem == problem.problem],
    }


def _phase(recorded: RecordedPhase) -> Answer:
    phase = recorded.phase
    return {
        "phase": phase.phase,
        "by": phase.detector or phase.ended_by,
        "at": instant(phase.at),
        "found_at": instant(recorded.found_at),
        "events": [event(cite) for cite in phase.cites],
    }


def _notice(notice: Notice, kept: Kept, types: Mapping[str, FieldType]) -> Answer:
    messages = [each for each in kept["messages"] if each.notice == notice.notice]
    promises = (each for each in kept["promises"] if each.notice == notice.notice)
    said = picked(notice, "notice", "phase", "says", "fact", "at", "found_at", "answer", "reason", "channel", "sent_at")
    return said | {
        "asked_again_at": instant(notice.ask_at),
        "gates": _looks([each for each in kept["gates"] if each.notice == notice.notice]),
        "messages": [_message(each, kept["attempts"], types) for each in messages],
        "promise": next((picked(each, "deadline", "keep_at", "state", "ended_at") for each in promises), None),
    }


def _looks(answers: Sequence[GateAnswer]) -> list[Answer]:
    """Return each time at which the gates were asked, with what each of them said then."""
    said: dict[int, list[Answer]] = {}
    for each in answers:
        said.setdefault(each.at, []).append(picked(each, "gate", "answer", "reason", "until"))
    return [{"at": instant(at), "answers": some} for at, some in said.items()]


def _message(message: Message, attempts: Sequence[Attempt], types: Mapping[str, FieldType]) -> Answer:
    return picked(message, "message", "channel", "language", "title", "text") | {
        "claims": [
            {"fact": claim.fact, "value": claimed_value(claim.value, types.get(claim.fact)), "event": event(claim.event)}
            for claim in message.claims
        ],
        "attempts": [_attempt(each) for each in attempts if each.message == message.message],
    }


def _attempt(attempt: Attempt) -> Answer:
    return picked(attempt, "tries", "outcome", "began_at", "ended_at", "detail", "sent_in", "receipt", "receipt_at")
