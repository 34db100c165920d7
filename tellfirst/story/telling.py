"""The story of problems: their phases, and for each notice what the gates said, what was written, sent and promised."""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.ids import trace_of
from contracts.message import Attempt, Message
from contracts.notice import Notice
from contracts.promise import Promise
from contracts.tell import RuleTelling
from contracts.telling import ProblemNow
from contracts.values import FieldType
from contracts.verdict import GateAnswer
from storage.records import RecordedPhase
from tellfirst.story.plain import Answer, claimed_value, event, facts, instant

Kept = Mapping[str, Sequence[Any]]


def problems(kept: Kept, tellings: Mapping[str, RuleTelling]) -> list[Answer]:
    """kept: what storage.store.Store.story returned. tellings: of the project's rules, which know the types of facts."""
    return [
        _problem(problem, kept, tellings[problem.rule].facts if problem.rule in tellings else {}) for problem in kept["problems"]
    ]


def _problem(problem: ProblemNow, kept: Kept, types: Mapping[str, FieldType]) -> Answer:
    return {
        "problem": problem.problem,
        "trace_id": f"{trace_of(problem.problem):032x}",
        "rule": problem.rule,
        "case": problem.case,
        "customer": problem.customer,
        "phase": problem.phase,
        "says": problem.says,
        "at": instant(problem.at),
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
    return {
        "notice": notice.notice,
        "phase": notice.phase,
        "says": notice.says,
        "fact": notice.fact,
        "at": instant(notice.at),
        "found_at": instant(notice.found_at),
        "answer": notice.answer,
        "reason": notice.reason,
        "asked_again_at": instant(notice.ask_at),
        "channel": notice.channel,
        "sent_at": instant(notice.sent_at),
        "gates": _looks([each for each in kept["gates"] if each.notice == notice.notice]),
        "messages": [_message(each, kept["attempts"], types) for each in messages],
        "promise": next((_promise(each) for each in kept["promises"] if each.notice == notice.notice), None),
    }


def _looks(answers: Sequence[GateAnswer]) -> list[Answer]:
    """Return each time at which the gates were asked, with what each of them said then."""
    times = dict.fromkeys(answer.at for answer in answers)
    return [{"at": instant(at), "answers": [_gate(answer) for answer in answers if answer.at == at]} for at in times]


def _gate(answer: GateAnswer) -> Answer:
    return {"gate": answer.gate, "answer": answer.answer, "reason": answer.reason, "until": instant(answer.until)}


def _message(message: Message, attempts: Sequence[Attempt], types: Mapping[str, FieldType]) -> Answer:
    return {
        "message": message.message,
        "channel": message.channel,
        "language": message.language,
        "title": message.title,
        "text": message.text,
        "claims": [
            {"fact": claim.fact, "value": claimed_value(claim.value, types.get(claim.fact)), "event": event(claim.event)}
            for claim in message.claims
        ],
        "attempts": [_attempt(each) for each in attempts if each.message == message.message],
    }


def _attempt(attempt: Attempt) -> Answer:
    return {
        "tries": attempt.tries,
        "outcome": attempt.outcome,
        "began_at": instant(attempt.began_at),
        "ended_at": instant(attempt.ended_at),
        "detail": attempt.detail,
        "sent_in": attempt.sent_in,
        "receipt": attempt.receipt,
        "receipt_at": instant(attempt.receipt_at),
    }


def _promise(promise: Promise) -> Answer:
    return {
        "deadline": instant(promise.deadline),
        "keep_at": instant(promise.keep_at),
        "state": promise.state,
        "ended_at": instant(promise.ended_at),
    }
