"""What decides here is made as the project's settings say, for a run and for dead letters that are taken in without one."""

from dataclasses import replace
from pathlib import Path

import pytest

from contracts.times import parse_instant
from storage.sqlite import open_memory
from streams.intake import Intake
from tellfirst.wiring import core_of, project_of
from tests.streams.shop import a_parcel

NOON = parse_instant("2026-03-02T12:00:00Z")


@pytest.mark.parametrize(("cache", "kept"), [(0, 0), (1, 1)])
def test_a_core_keeps_the_memories_that_its_settings_have_room_for(project: Path, cache: int, kept: int) -> None:
    loaded = project_of(project)
    limits = replace(loaded.settings.core, cache=cache)
    core = core_of(replace(loaded, settings=replace(loaded.settings, core=limits)), open_memory(), now=NOON)
    intake = Intake(loaded.catalogue, source="shop", mapping=None, zone=loaded.settings.zone)

    for record in intake.read_all(a_parcel(NOON), arrived=NOON, first=0):
        for event in record.events:
            core.take(event, w=NOON, now=NOON)
    core.commit([], now=NOON)

    assert core.cases_cached == kept
