"""The whole result of the demo as one document: what was read and told, the score, three things to try next."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from shutil import which
from typing import Any

from msgspec import Struct

from contracts.notice import Answer
from storage.store import Store
from streams.shop.outcomes import Outcomes
from streams.tally import Tally
from tellfirst.demo.ledger import ledger_of, told_of
from tellfirst.demo.score import Score, score


class Ending(Struct):
    """told: messages to customers by phase; handed_over: how often the desk got it instead; withheld: notices by reason;
    problems: by rule and phase; promises: by state."""

    project: str
    outcomes: str
    records: Tally
    customers_told: int
    told: Counter[str]
    handed_over: int
    withheld: Mapping[str, int]
    problems: Mapping[str, Mapping[str, int]]
    promises: Mapping[str, int]
    score: Score
    outbox: str
    try_next: list[str]


def ending(store: Store, tally: Tally, really: Outcomes, *, folder: Path, outcomes: Path, outbox: Path) -> Ending:
    """really: what happened to the customers; outcomes: the file in which that stands."""
    told, handed_over = told_of(store)
    counts = store.counts()
    scored = score(really, ledger_of(store), lambda case: store.story(case)["gates"])
    return Ending(
        project=str(folder),
        outcomes=str(outcomes),
        records=tally,
        customers_told=len({line["customer"] for line in told}),
        told=Counter(line["phase"] for line in told),
        handed_over=len(handed_over),
        withheld=dict(counts["notices"].get(Answer.WITHHELD, {})),
        problems=counts["problems"],
        promises=counts["promises"],
        score=scored,
        outbox=str(outbox),
        try_next=_next_steps(folder, told, scored.example),
    )


def _next_steps(folder: Path, told: Sequence[Mapping[str, Any]], case: str | None) -> list[str]:
    here = f"{program()} --project {quote(str(folder))}"
    newest = told[-1] if told else {"case": "parcel/P1000", "rule": "late-parcel"}
    about = next((line for line in told if line["case"] == case), newest)
    return [f"{here} why {about['case']}", f"{here} rules explain {about['rule']}", f"{here} notify outbox"]


def program() -> str:
    """Return the word that starts us again: our name where a shell finds it, else the path by which we were started."""
    started_by = Path(sys.argv[0])
    return "tellfirst" if which("tellfirst") or started_by.name != "tellfirst" else quote(str(started_by))
