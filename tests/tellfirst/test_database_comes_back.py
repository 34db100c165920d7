"""A courier whose database was away looks whether what came back knows whom it told."""

import asyncio
from pathlib import Path

import pytest

from notifiers.courier import Courier
from storage.noting import Noting
from storage.postgres import PostgresStore, open_postgres
from storage.sqlite import open_memory
from storage.told_file import ToldFile
from streams.kafka.sights import Sights
from streams.project import load_project
from streams.telling import courier_of
from tellfirst import clock
from tellfirst.restoring import must_be_whole
from tellfirst.run.couriering import Couriering
from tellfirst.run.live import metrics_of
from tellfirst.run.reporting import Reporting
from tellfirst.stopping import Exit, Stopped
from tellfirst.wiring import DATA, local
from tests.storage.builders import a_notice, a_phase, add
from tests.storage.server import end_connection_of
from tests.storage.test_sending_on import begin


def told_elsewhere(path: Path) -> None:
    """Write the log of a database in which somebody was told."""
    path.parent.mkdir(exist_ok=True)
    other = open_memory(Noting(told=ToldFile(path)))
    add(other, a_phase(), a_notice())
    begin(other)


def a_part(folder: Path, store: PostgresStore) -> Couriering:
    project = load_project(folder, {})
    metrics = metrics_of(project, ())

    async def nothing() -> None:
        pass

    courier: Courier = courier_of(
        project, project.ruleset, store, local(folder / DATA), sight=lambda case: (None, 0), says_when_late=True, clock=clock.now
    )
    return Couriering(
        courier,
        store,
        Sights(store, slots=1, by_copy=frozenset()),
        metrics=metrics,
        reporting=Reporting(metrics, clock=clock.now),
        clock=clock.now,
        must_be_whole=lambda: must_be_whole(project, store),
        at_the_end=nothing,
    )


@pytest.mark.parametrize("lacks", [True, False])
def test_what_comes_back_must_know_whom_it_told(project: Path, schema: str, *, lacks: bool) -> None:
    store = open_postgres(schema)
    part = a_part(project, store)
    if lacks:
        told_elsewhere(project / DATA / "told.jsonl")

    async def life() -> None:
        running = asyncio.ensure_future(part.run())
        end_connection_of(store, schema)
        for is_away in (True, False):
            while (part.checks()["store"] is not None) is not is_away and not running.done():
                await asyncio.sleep(0.02)
        part.stop()
        await running

    if lacks:
        with pytest.raises(Stopped, match="put back from a copy") as stopped:
            asyncio.run(asyncio.wait_for(life(), 30))
        assert stopped.value.code is Exit.REFUSED
    else:
        asyncio.run(asyncio.wait_for(life(), 30))
    store.close()
