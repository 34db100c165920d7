"""The books of the providers against what the run says of itself: who was told, how often, and whether each doubt is listed."""

import json
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from tests.slow.book import Entry
from tests.tellfirst.house import TELLFIRST

Row = dict[str, Any]
MOST_TRIES = 4  # on one channel
TOO_OFTEN = "got it more often than its listed doubts explain"
NOT_LISTED = "got more than the tries that are listed"


def export(project: Path, table: str) -> list[Row]:
    """Return a table as anybody would get it."""
    words = [*TELLFIRST, "--project", str(project), "export", table, "--json"]
    return list(json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, timeout=60).stdout))


class Heard(Struct, frozen=True):
    """One customer. notices: that speak to it or, of it, to the desk; tries: as the run lists them; came: as providers wrote."""

    customer: str
    notices: Sequence[Row]
    tries: Sequence[Row]
    came: Sequence[Entry]

    @property
    def taken(self) -> list[Entry]:
        return [entry for entry in self.came if entry.took]

    @property
    def unanswered(self) -> int:
        """How many tries are listed as such that may have arrived or not."""
        return sum(row["outcome"] == "ambiguous" for row in self.tries)

    @property
    def was_given_to_a_person(self) -> bool:
        answers = {row["phase"]: row["answer"] for row in self.notices}
        return answers == {"opened": "cancelled", "handed_over": "told"}

    @property
    def is_in_doubt(self) -> bool:
        """Whether nothing came, and a person does not know."""
        return not self.taken and not self.was_given_to_a_person

    def faults(self) -> Iterator[str]:
        """Yield what is wrong, in words."""
        for is_right, what in CLAIMS:
            if not is_right(self):
                yield f"{self.customer}: {what}"


def _has_an_end(heard: Heard) -> bool:
    told = [row["answer"] for row in heard.notices] == ["told"]
    return told is not heard.was_given_to_a_person


def _is_not_lost(heard: Heard) -> bool:
    return bool(heard.taken) or heard.unanswered > 0 or heard.was_given_to_a_person


def _is_told_where_it_says_so(heard: Heard) -> bool:
    accepted = [row["channel"] for row in heard.tries if row["outcome"] == "accepted"]
    return set(accepted) <= {entry.channel for entry in heard.taken} and len(accepted) <= 1


def _is_twice_only_in_doubt(heard: Heard) -> bool:
    return len(heard.taken) <= min(1 + heard.unanswered, 2)


def _has_no_sms_twice(heard: Heard) -> bool:
    return sum(entry.channel == "sms" for entry in heard.taken) <= 1


def _lists_every_try(heard: Heard) -> bool:
    listed = Counter(row["message"] for row in heard.tries)
    return Counter(entry.id for entry in heard.came) <= listed and max(listed.values(), default=0) <= MOST_TRIES


def _leaves_no_try_open(heard: Heard) -> bool:
    return all(row["ended_at"] is not None for row in heard.tries)


def _keeps_its_id(heard: Heard) -> bool:
    return len({entry.id for entry in heard.came}) == len({entry.channel for entry in heard.came})


def _is_well_made(heard: Heard) -> bool:
    return not any(entry.fault for entry in heard.came)


CLAIMS: Sequence[tuple[Callable[[Heard], bool], str]] = (
    (_has_an_end, "is neither told nor given to a person"),
    (_is_not_lost, "got nothing, and no doubt is listed"),
    (_is_told_where_it_says_so, "was not told where and as often as the run says"),
    (_is_twice_only_in_doubt, TOO_OFTEN),
    (_has_no_sms_twice, "got an SMS twice"),
    (_lists_every_try, NOT_LISTED),
    (_leaves_no_try_open, "has a try of which nothing became"),
    (_keeps_its_id, "got a repeat under another id"),
    (_is_well_made, "got a message with a wrong signature, or for somebody else"),
)


def heard_of(customers: Iterable[str], came: Iterable[Entry], notices: Sequence[Row], attempts: Iterable[Row]) -> list[Heard]:
    whose = {row["notice"]: row["customer"] for row in notices}
    told = _grouped(notices, lambda row: str(row["customer"]))
    tries = _grouped(attempts, lambda row: str(whose[row["notice"]]))
    got = _grouped(came, lambda entry: entry.to)
    return [Heard(customer, told[customer], tries[customer], got[customer]) for customer in customers]


def _grouped(things: Iterable[Any], whose: Callable[[Any], str]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for thing in things:
        groups[whose(thing)].append(thing)
    return groups


def summary(heard: Sequence[Heard]) -> dict[str, Any]:
    """Return what the proof came to, for people."""
    tries = Counter(f"{row['channel']} {row['outcome']}" for each in heard for row in each.tries)
    return {
        "customers": len(heard),
        "came": sum(len(each.came) for each in heard),
        "tries": dict(sorted(tries.items())),
        "once": sum(len(each.taken) == 1 for each in heard),
        "twice": sum(len(each.taken) > 1 for each in heard),
        "in doubt, and not there": dict(Counter(each.tries[-1]["channel"] for each in heard if each.is_in_doubt)),
        "given to a person": sum(each.was_given_to_a_person for each in heard),
    }
