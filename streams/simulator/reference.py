"""What every run of a world must find: the core alone, over the log without repeats, with nothing going wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.problem import Phase
from contracts.times import DAY
from storage.sqlite import SqliteStore
from streams.batch import Core
from streams.simulator.house import new_core, new_database
from streams.simulator.world import DELAY, World

RUNS_ON = 9 * DAY
PHASES = "SELECT problem, phase, found_at, at FROM phases ORDER BY problem, place"


@dataclass(frozen=True)
class Turn:
    """A phase of a problem. known_from: when the record by which it is known arrived. at: when it became true."""

    phase: Phase
    known_from: int
    at: int


@dataclass(frozen=True)
class Reference:
    """lines: the export of problems, without found_at. turns: by problem, in order."""

    lines: Sequence[dict[str, Any]]
    turns: Mapping[str, Sequence[Turn]]

    def refutes(self, problem: str, at: int, *, known_by: int) -> bool:
        """Whether the records that had arrived by then say that what began at `at` was over."""
        turns = self.turns.get(problem, ())
        begun = [place for place, turn in enumerate(turns) if turn.at <= at and not turn.phase.ends]
        known = [place for place, turn in enumerate(turns) if turn.known_from <= known_by]
        return bool(begun and known) and known[-1] > begun[-1] and turns[known[-1]].phase.ends

    def open_for(self, problem: str) -> int | None:
        """Return how long the problem was open until its first end, None while it never ended."""
        turns = self.turns[problem]
        end = next((turn.at for turn in turns if turn.phase.ends), None)
        return None if end is None else end - turns[0].at


def make_reference(world: World) -> Reference:
    database = new_database()
    store = SqliteStore(database)
    core = new_core(store)
    for arrival in world.log:
        if not arrival.repeat:
            _fire(core, to=arrival.at - DELAY)
            core.take(arrival.event, w=arrival.at - DELAY, now=arrival.at)
    _fire(core, to=world.log[-1].at + RUNS_ON)
    core.commit([], now=world.log[-1].at)
    turns: dict[str, list[Turn]] = {}
    for problem, phase, found_at, at in database.execute(PHASES):
        turns.setdefault(problem, []).append(Turn(Phase(phase), found_at, at))
    lines = problem_lines(store)
    database.close()
    return Reference(lines, turns)


def _fire(core: Core, *, to: int) -> None:
    """Let W pass through every moment at which something is ripe."""
    while (ripe := core.next_ripe()) is not None and ripe <= to:
        core.fire(ripe, ripe + DELAY)


def problem_lines(store: SqliteStore) -> list[dict[str, Any]]:
    return [{name: value for name, value in line.items() if name != "found_at"} for line in store.export("problems")]
