"""The story told in lines that people read from top to bottom: problem by problem, in the order of what happened."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contracts.message import Outcome
from contracts.receipt import ReceiptKind
from contracts.times import length_text, parse_instant, to_datetime
from tellfirst.story.plain import Answer

MARGIN = " " * 20
NOT_TAKEN = (Outcome.REFUSED, Outcome.RETRY)


class Entry(NamedTuple):
    """One moment of a problem's life. seen: what it is ordered by; at: what it is written under; both RFC 3339."""

    seen: str
    at: str
    text: str
    details: Sequence[str]


def told(story: Answer, zone: ZoneInfo, *, traced: bool = False) -> Iterator[str]:
    """Yield the lines of a story_of, its instants as people of this zone write them. traced: whether traces are kept."""
    say = Words(zone)
    yield f"{story['about']}{_belongs(story)}   (times in {zone.key})"
    yield from say.person(story)
    for problem in story["problems"]:
        yield ""
        yield from say.problem(problem)
        if traced:
            yield f"  trace {problem['trace_id']}"
    if not story["problems"]:
        yield ""
        yield "No problem was found."
    for case in story["cases"]:
        for rule in case["rules"]:
            yield ""
            yield from say.rule(case["case"], rule)


def _belongs(story: Answer) -> str:
    customers = {case["customer"] for case in story["cases"]} - {None}
    linked = f", seen together with {', '.join(story['linked'])}" if story["linked"] else ""
    return (f", of customer {', '.join(sorted(customers))}" if customers else "") + linked


class Words:
    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def moment(self, instant: str | None) -> str:
        if instant is None:
            return "-"
        local = to_datetime(parse_instant(instant), self._zone)
        return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")

    def event(self, event: Answer | None) -> str:
        if event is None:
            return ""
        return f"{event['type']} {event['id']} of {self.moment(event['time'])}, from {event['source']}"

    def fact(self, fact: Answer) -> str:
        value = "unknown" if fact["value"] is None else fact["value"]
        return f"{fact['fact']} = {value}" + (f"   ({self.event(fact['event'])})" if fact["event"] else "")

    def person(self, story: Answer) -> Iterator[str]:
        for each in story["profile"]:
            value = ", ".join(map(str, each["value"])) if isinstance(each["value"], list) else each["value"]
            yield f"  {each['field']}: {value}   ({each['event']} of {self.moment(each['time'])})"
        for each in story["complaints"]:
            ended = f", resolved {self.moment(each['resolved_at'])}" if each["resolved_at"] else ""
            yield f"  complained about {each['about']}: {self.moment(each['raised_at'])}{ended}"

    # problems

    def problem(self, problem: Answer) -> Iterator[str]:
        yield f"{problem['rule']} on {problem['case']}: {problem['says']}, {problem['phase']}   ({problem['problem']})"
        entries = [self._phase(each) for each in problem["phases"]]
        entries += [entry for notice in problem["notices"] for entry in self._notice(notice)]
        for entry in sorted(entries, key=lambda each: parse_instant(each.seen)):
            yield f"  {self.moment(entry.at):<20}{entry.text}"
            yield from (f"  {MARGIN}  {detail}" for detail in entry.details)

    def _phase(self, phase: Answer) -> Entry:
        late = f", seen {self.moment(phase['found_at'])}" if phase["found_at"] != phase["at"] else ""
        events = [self.event(event) for event in phase["events"]]
        return Entry(phase["found_at"], phase["at"], f"{phase['phase']} by {phase['by']}{late}", events)

    def _notice(self, notice: Answer) -> Iterator[Entry]:
        for look in notice["gates"]:
            yield Entry(look["at"], look["at"], f"{_name(notice)}: gates asked", list(self._gates(look["answers"])))
        for message in notice["messages"]:
            for attempt in message["attempts"]:
                text = f"{_name(notice)}: {attempt['outcome']} by {message['channel']}, “{message['title']}”{self._came(attempt)}"
                yield Entry(attempt["began_at"], attempt["began_at"], text, list(self._sent(attempt, message, notice)))
        if notice["answer"] != "told":
            yield Entry(notice["found_at"], notice["found_at"], f"{_name(notice)}: {self._standing(notice)}", [])

    def _came(self, attempt: Answer) -> str:
        """Return what was said of it later."""
        return f" ({attempt['receipt']} {self.moment(attempt['receipt_at'])})" if attempt["receipt"] else ""

    def _gates(self, answers: Sequence[Answer]) -> Iterator[str]:
        passed = [each["gate"].replace("_", " ") for each in answers if each["answer"] == "pass"]
        if len(passed) == len(answers):
            yield f"all {len(passed)} pass"
        elif passed:
            yield f"pass: {', '.join(passed)}"
        for each in answers:
            if each["answer"] != "pass":
                until = f" until {self.moment(each['until'])}" if each["until"] else ""
                yield f"{each['answer']}{until}: {_reason(each)}"

    def _sent(self, attempt: Answer, message: Answer, notice: Answer) -> Iterator[str]:
        """Yield what the message said and promised; of what was not taken only why."""
        if attempt["outcome"] in NOT_TAKEN:
            yield f"the provider answered: {attempt['detail']}"
            return
        for claim in message["claims"]:
            yield f"said {self.fact(claim)}"
        if (promise := notice["promise"]) and attempt["receipt"] != ReceiptKind.BOUNCED:
            yield f"promised to write again by {self.moment(promise['deadline'])}: {promise['state']}"

    def _standing(self, notice: Answer) -> str:
        reason = f" because {notice['reason']}" if notice["reason"] else ""
        again = f", asked again {self.moment(notice['asked_again_at'])}" if notice["asked_again_at"] else ""
        return f"now {notice['answer']}{reason}{again}"

    # what the rules see

    def rule(self, case: str, rule: Answer) -> Iterator[str]:
        yield f"{rule['rule']} looks at {case}: {self._watch(rule)}; seen up to {self.moment(rule['seen_up_to'])}"
        yield from (f"  {self.fact(fact)}" for fact in rule["facts"])
        width = max((len(each["detector"]) for each in rule["detectors"]), default=0)
        for each in rule["detectors"]:
            yield f"  {each['detector']:<{width}}  {each['stands']}{self._because(each)}"
            yield from (f"  {'':<{width}}    {_side_by_side(part)}" for part in each["saw"])

    def _watch(self, rule: Answer) -> str:
        if rule["closed_at"]:
            return f"watched from {self.moment(rule['watched_since'])} to {self.moment(rule['closed_at'])}"
        return f"watched since {self.moment(rule['watched_since'])}" if rule["watched_since"] else "not watched yet"

    def _because(self, detector: Answer) -> str:
        why = f": {detector['why']}" if detector["why"] else ""
        if detector["due"] is None:
            return why
        left = f", {length_text(detector['left_seconds'] * 1_000_000)} left" if detector["left_seconds"] else ", due now"
        return f"{why}, until {self.moment(detector['due'])}{left}"


def _reason(look: Answer) -> str:
    """Return the gate that stopped a notice, and its reason where there is one that has another name."""
    gate, reason = look["gate"].replace("_", " "), (look["reason"] or look["gate"]).replace("_", " ")
    return gate if reason == gate else f"{gate}, {reason}"


def _name(notice: Answer) -> str:
    return f"notice {notice['phase']}" + (f" ({notice['fact']})" if notice["fact"] else "")


def _side_by_side(part: Mapping[str, object]) -> str:
    truth = {True: "true", False: "not true", None: "unknown"}[part["truth"]]  # type: ignore[index]
    sides = part["sides"]
    assert isinstance(sides, list)
    told = [each for each in sides if str(each["value"]) != each["text"]] if len(sides) > 1 else []
    values = ", ".join(f"{each['text']} is {'unknown' if each['value'] is None else each['value']}" for each in told)
    return f"{part['text']}  {truth}" + (f"   ({values})" if values else "")
