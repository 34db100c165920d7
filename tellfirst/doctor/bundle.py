"""What those who help need to know of a tellfirst, in one document: no address, no secret, no customer and no case is in it."""

import platform
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import yaml
from msgspec import to_builtins

from contracts.times import SECOND, instant_text
from storage.sql_store import SqlStore
from tellfirst import clock, wiring
from tellfirst.doctor import examine
from tellfirst.doctor.masking import Masking, hidden_in, masked
from tellfirst.run import stacks
from tellfirst.settings import read_settings
from tellfirst.stopping import explain

NEWEST = 20
WELL = "accepted"
QUOTES_RECORDS = "mappings"


def bundle(folder: Path) -> Mapping[str, Any]:
    """Gather what can be gathered; what cannot says why in its own place."""
    settings = read_settings()
    file, environment = _read(_settings_file, folder), settings.overrides()
    token = _read(lambda _: settings.bearer_token(), folder)
    masking = Masking(
        iter([*hidden_in(file, folder), *hidden_in(environment, folder), *([str(token)] if token else []), str(folder.resolve())])
    )
    gathered = {
        "made_at": instant_text(clock.now()),
        "machine": {"system": platform.system(), "release": platform.release(), "processor": platform.machine()},
        "packages": dict(sorted((each.name, each.version) for each in distributions())),
        "settings": {"file": masked(file), "environment": masked(environment), "token": token is not None},
        "findings": list(_findings(folder)),
        "store": _read(_of_the_store, folder),
        "stacks": stacks.ask(folder / wiring.DATA),
    }
    return {key: masking.of(value) for key, value in gathered.items()}


def _read(look: Callable[[Path], Any], folder: Path) -> Any:
    """Return what a look sees, or why it sees nothing."""
    try:
        return look(folder)
    except Exception as error:  # noqa: BLE001 - a bundle is made where things are broken
        stopped = explain(error)
        return {"cannot_tell": list(stopped.lines) if stopped else f"{type(error).__name__}: {error}"}


def _settings_file(folder: Path) -> Any:
    path = folder / wiring.SETTINGS
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


def _findings(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Of what is said of a mapping only the beginning: the rest may quote a record."""
    for finding in examine(folder):
        fact = finding.fact.partition(": ")[0] if finding.look == QUOTES_RECORDS else finding.fact
        yield {"look": finding.look, "well": finding.well, "fact": fact}


def _of_the_store(folder: Path) -> Mapping[str, Any]:
    with wiring.reading(folder) as store:
        counts, figures = store.counts(), store.figures(clock.now())
        return {
            "used_by": store.used_by(),
            "counts": counts,
            "rules": [to_builtins(state) for state in store.rule_states().values()],
            "breakers": {state.rule: figures.breaker_held.get(state.rule, 0) for state in _open(store)},
            "waiting": dict(figures.notices_waiting),
            "timers_armed": figures.timers_armed,
            "lag": {source: dict(_lag(store, source)) for source in counts["records"]},
            "slots": list(_slots(store)),
            "oldest_due": _moment(store.next_ask()),
            "last_errors": {"sending": list(_refused(store)), "reading": list(_dead(store))},
        }


def _open(store: SqlStore) -> Iterator[Any]:
    return (state for state in store.rule_states().values() if state.breaker_open)


def _lag(store: SqlStore, source: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield how far each partition of a source was read, and has certainly been seen."""
    for position in store.parts_of(source):
        seen = position.state.get("w", position.state.get("floor"))
        yield position.part, {"next": position.next, **_seen(seen)}


def _slots(store: SqlStore) -> Iterator[Mapping[str, Any]]:
    """Yield what the workers on Kafka last said of each slot."""
    for slot in store.slots():
        yield {"slot": slot.slot, "epoch": slot.epoch, "lag": slot.lag, "said_at": _moment(slot.seen_at), **_seen(slot.w)}


def _seen(w: int | None) -> Mapping[str, Any]:
    return {"seen_up_to": _moment(w), "behind_seconds": None if w is None else (clock.now() - w) // SECOND}


def _refused(store: SqlStore) -> Iterator[Mapping[str, Any]]:
    """Yield the newest tries that were not accepted; what a provider said of them stays here."""
    tries = (each for each in store.export("attempts") if each["outcome"] != WELL)
    for each in deque(tries, maxlen=NEWEST):
        yield {key: each[key] for key in ("began_at", "channel", "outcome", "tries")}


def _dead(store: SqlStore) -> Iterator[Mapping[str, Any]]:
    for letter in store.dead_letters(limit=NEWEST):
        yield {"at": instant_text(letter.at), "source": letter.source, "position": letter.position, "reason": letter.reason}


def _moment(instant: int | None) -> str | None:
    return None if instant is None else instant_text(instant)
