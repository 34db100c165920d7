"""Dead letters taken in while no `run` has the store: what is found in a replay's store is told, in a run's by the next run."""

import asyncio

from storage.sql_store import SqlStore
from streams.project import Project
from streams.redriving import Redriving
from streams.speaking import MOST_ROUNDS
from streams.telling import asking, courier_of
from streams.watermark import FileWatermark, least
from tellfirst import clock
from tellfirst.deciding.decisions import Redrive
from tellfirst.wiring import DATA, RUN, core_of, local


def redrive_alone(project: Project, store: SqlStore, decision: Redrive) -> None:
    """Take the letters in. Nothing is found missing by it that was not certainly missing before. Raises WhichMapping."""
    if store.used_by() == RUN:
        w = least(state["w"] for state in _states(store) if "w" in state)
        core = core_of(project, store, now=clock.now())
        redriving = Redriving(project, core, store, w=lambda: w, clock=clock.now, live=True)
        redriving.redrive(decision.letters, mapping=decision.mapping)
    else:
        _in_a_replay(project, store, decision)


def _in_a_replay(project: Project, store: SqlStore, decision: Redrive) -> None:
    """Time is where the file that was read furthest left it, or where the letters now bring it."""
    mark = max((FileWatermark(state=state) for state in _states(store)), key=lambda each: each.w or 0, default=FileWatermark())
    w = mark.w

    def now() -> int:
        return mark.greatest or 0

    core = core_of(project, store, now=now())
    redriving = Redriving(project, core, store, w=lambda: w, clock=now, live=False, saw=mark.saw)
    redriving.redrive(decision.letters, mapping=decision.mapping)
    asyncio.run(_tell(project, store, now()))


def _states(store: SqlStore) -> list[dict[str, int]]:
    positions = (store.position(source, 0) for source in store.counts()["records"])
    return [position.state for position in positions if position is not None]


async def _tell(project: Project, store: SqlStore, now: int) -> None:
    """Have the courier do what is due at this time of a replay, by the local outbox."""
    reach = local(project.folder / DATA)
    ask = asking(
        courier_of(project, project.ruleset, store, reach, sight=lambda case: (now, 0), says_when_late=False), lambda told: None
    )
    for _ in range(MOST_ROUNDS):
        if (due := store.next_ask()) is None or due > now:
            return
        await ask(now)
