"""How the demo ends: what was told and what was not, where the messages are, three things to try next."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from shlex import quote
from shutil import which
from typing import Any

from msgspec import to_builtins

from contracts.notice import Answer
from notifiers.courier import Happening, Held
from storage.store import Store
from streams.tally import Tally

Document = dict[str, Any]


def ending(store: Store, tally: Tally, happened: Iterable[Happening], *, folder: Path, outbox: Path) -> Document:
    """Return the whole result as one document. happened: what the courier did; a notice that was held counts once per reason."""
    told = [line for line in store.export("notices") if line["answer"] == Answer.TOLD]
    held = {(each.notice.notice, each.reason) for each in happened if isinstance(each, Held)}
    counts = store.counts()
    return {
        "project": str(folder),
        "records": to_builtins(tally),
        "customers_told": len({line["customer"] for line in told}),
        "told": Counter(line["phase"] for line in told),
        "held_for_a_while": Counter(reason for _, reason in sorted(held)),
        "withheld": dict(counts["notices"].get(Answer.WITHHELD, {})),
        "problems": counts["problems"],
        "promises": counts["promises"],
        "outbox": str(outbox),
        "try_next": _next_steps(folder, told),
    }


def _next_steps(folder: Path, told: Sequence[Mapping[str, Any]]) -> list[str]:
    here = f"{program()} --project {quote(str(folder))}"
    case = max(told, key=lambda line: line["sent_at"])["case"] if told else "parcel/P1"
    return [f"{here} why {case}", f"{here} rules explain late-parcel", f"{here} notify outbox"]


def program() -> str:
    """Return the word that starts us again: our name where a shell finds it, else the path by which we were started."""
    started_by = Path(sys.argv[0])
    return "tellfirst" if which("tellfirst") or started_by.name != "tellfirst" else quote(str(started_by))


def in_words(document: Document) -> Iterator[str]:
    records = document["records"]
    dead = f", {records['dead_letters']:,} of them broken and kept as dead letters" if records["dead_letters"] else ""
    yield ""
    yield f"{records['read']:,} records read{dead}. {document['customers_told']:,} customers were told:"
    for name in ("told", "held_for_a_while", "withheld", "promises"):
        numbers = document[name]
        yield f"  {sum(numbers.values()):>4,} {name.replace('_', ' '):<17} {_listed(numbers)}"
    yield ""
    yield f"Every message is a page that you can open:  {document['outbox']}"
    yield "Three things to try next:"
    yield from (f"  {command}" for command in document["try_next"])


def _listed(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in numbers.items())
