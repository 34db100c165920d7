"""How the demo ends: what was told and what was not, where the messages are, three things to try next."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from contracts.notice import Answer
from storage.store import Store
from streams.tally import Tally

Document = dict[str, Any]


def ending(store: Store, tally: Tally, folder: Path, *, outbox: Path) -> Document:
    """Return the whole result as one document."""
    counts = store.counts()
    told = [line for line in store.export("notices") if line["answer"] == Answer.TOLD]
    return {
        "project": str(folder),
        "records": to_builtins(tally),
        "customers_told": len({line["customer"] for line in told}),
        "told": _by(told, "phase"),
        "held": _reasons(counts, Answer.HELD),
        "withheld": _reasons(counts, Answer.WITHHELD),
        "problems": counts["problems"],
        "promises": counts["promises"],
        "outbox": str(outbox),
        "try_next": _next_steps(folder, told),
    }


def _by(lines: Sequence[Mapping[str, Any]], field: str) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for line in lines:
        numbers[line[field]] = numbers.get(line[field], 0) + 1
    return numbers


def _reasons(counts: Mapping[str, Any], answer: Answer) -> dict[str, int]:
    return dict(counts["notices"].get(answer, {}))


def _next_steps(folder: Path, told: Sequence[Mapping[str, Any]]) -> list[str]:
    here = f"tellfirst --project {folder}"
    case = max(told, key=lambda line: line["sent_at"])["case"] if told else "parcel/P1"
    return [f"{here} why {case}", f"{here} rules explain late-parcel", f"{here} notify outbox"]


def in_words(document: Document) -> Iterator[str]:
    told = document["told"]
    yield ""
    records = document["records"]
    yield f"{records['read']:,} records read; {document['customers_told']:,} customers were told, before they had to ask."
    yield ""
    yield f"  told      {sum(told.values()):>6,}   {_listed(told)}"
    yield f"  held      {sum(document['held'].values()):>6,}   {_listed(document['held'])}"
    yield f"  withheld  {sum(document['withheld'].values()):>6,}   {_listed(document['withheld'])}"
    yield f"  promises  {sum(document['promises'].values()):>6,}   {_listed(document['promises'])}"
    yield f"  dead letters {records['dead_letters']:>3,}"
    yield ""
    yield f"Every message is a page that you can open: {document['outbox']}"
    yield ""
    yield "Three things to try next:"
    yield from (f"  {command}" for command in document["try_next"])


def _listed(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in numbers.items())
