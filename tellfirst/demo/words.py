"""The result of the demo as lines for a screen: what was told before a complaint, what was missed, what was told wrongly, why."""

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.text import Text

from contracts.notice import Reason
from contracts.times import DAY, HOUR, MINUTE, SECOND
from tellfirst.demo.ending import Ending
from tellfirst.demo.score import NO_RULE, TOO_LATE, OfCause, Score

BAR = 8
SHORT, TALL = (5, 3), (20, 20)
WHY_NOT = {
    NO_RULE: "no rule saw it",
    TOO_LATE: "found too late",
    Reason.QUIET_HOURS: "held for the night",
    Reason.CAPS: "enough told that week",
    Reason.CONSENT: "do not wish to hear",
    Reason.COMPLAINED: "another complaint",
    Reason.CAUSE_SPEAKS: "another notice spoke",
    Reason.CUSTOMER_UNKNOWN: "nobody said who it is",
}


def in_words(result: Ending, width: int, *, tall: bool) -> Iterator[Text]:
    """Yield lines of at most so many columns, but for paths and commands; at most 24 of them where it is not tall."""
    records, space = result.records, [Text()] if tall else []
    causes, reasons = TALL if tall else SHORT
    yield Text(f"{records.read:,} records read, {records.dead_letters:,} of them broken and kept as dead letters.", "dim")
    yield from (line[:width] for line in _told_before(result.score))
    yield from space
    yield from (line[:width] for line in _by_cause(result.score, width, causes))
    yield Text(f"{result.score.missed.total()} missed:").append(_listed(result.score.missed, width - 12), "dim")
    yield from space
    yield from (line[:width] for line in _wrongly(result.score, reasons))
    yield from space
    yield Text(f"What really happened: {result.outcomes}", "dim")
    yield Text(f"Every message as a page: {result.outbox}", "dim")
    yield Text("Three things to try next:", "bold")
    yield from (Text(f"  {command}", "cyan") for command in result.try_next)


def _told_before(score: Score) -> Iterator[Text]:
    share = f" ({score.told_before / score.complaints:.0%})" if score.complaints else ""
    yield Text(f"In {score.told_before} of {score.complaints} complaints the customer had heard it from us before{share}", "bold")
    if score.ahead_seconds:
        quarter, half, three = (spelled(each * SECOND) for each in score.ahead_seconds)
        yield Text(f"ahead by {half} in the middle (quartiles {quarter}, {three}); {score.before_felt} before it was felt")


def _by_cause(score: Score, width: int, most: int) -> Iterator[Text]:
    causes = list(score.by_cause.items())
    rest = causes[most:]
    rows = [*causes[:most], *([(f"{len(rest)} other causes", _together([each for _, each in rest]))] if rest else [])]
    for name, of_cause in rows:
        line = Text(f"  {name:<31}")
        told = round(BAR * of_cause.told_before / of_cause.complaints)
        line.append("━" * told, "green").append("╌" * (BAR - told), "red")
        line.append(f" {of_cause.told_before:>3} of {of_cause.complaints:<3}")
        yield line.append(_listed(of_cause.missed, width - len(line) - 1), "dim")


def _together(causes: list[OfCause]) -> OfCause:
    missed = sum((each.missed for each in causes), Counter[str]())
    return OfCause(sum(each.complaints for each in causes), sum(each.told_before for each in causes), missed)


def _listed(missed: Mapping[str, int], room: int) -> str:
    """Return why things were missed, the most frequent first, as far as there is room for it."""
    text = ""
    for why, number in sorted(missed.items(), key=lambda item: -item[1]):
        more = f"{', ' if text else ' '}{number} {WHY_NOT.get(why, why.replace('_', ' '))}"
        if len(text) + len(more) > room:
            return f"{text}, …" if text and len(text) + 3 <= room else text
        text += more
    return text


def _wrongly(score: Score, most: int) -> Iterator[Text]:
    wrong = sum(each.total() for each in score.told_wrongly.values())
    share = f" ({wrong / score.told:.0%})" if score.told else ""
    yield Text(f"{wrong} of {score.told} problems that we told of were none{share}", "bold")
    reasons = list(score.told_wrongly.items())
    for why, ends in reasons[:most]:
        yield Text(f"  {ends.total():>3}  {why}").append(f": {_ends(ends)}", "dim")
    if rest := sum((ends for _, ends in reasons[most:]), Counter[str]()):
        yield Text(f"  {rest.total():>3}  {len(reasons) - most} other reasons").append(f": {_ends(rest)}", "dim")


def _ends(ends: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {'still open' if end == 'open' else end}" for end, number in ends.items())


def spelled(length: int) -> str:
    """Return a length in its two largest units, such as 1 d 4 h, 11 h or 25 min; parts of a minute are cut."""
    if length >= DAY:
        return f"{length // DAY} d {length % DAY // HOUR} h"
    return f"{length // HOUR} h" if length >= 3 * HOUR else f"{length // MINUTE} min"
