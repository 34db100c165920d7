"""Whatever the seed, the demo has the same shape: about as much goes wrong, is told in time, is missed and is told wrongly."""

import asyncio
from pathlib import Path

import pytest

from contracts.notice import Reason
from storage.sqlite import open_memory
from streams.generator import in_lines
from streams.replay import replay
from streams.shop.week import week
from streams.telling import Reach
from tellfirst import wiring
from tellfirst.demo.ending import Ending, ending
from tellfirst.demo.folder import make_folder
from tellfirst.demo.score import NO_RULE, TOO_LATE

HOUR_SECONDS = 3_600


def the_ending_of(seed: int, folder: Path) -> Ending:
    story = week(seed)
    file, store = make_folder(folder, in_lines(story.heard, seed)), open_memory()
    tally = asyncio.run(replay(wiring.project_of(folder), store, file, reach=Reach()))
    return ending(store, tally, story.outcomes, folder=folder, outcomes=folder, outbox=folder)


@pytest.mark.parametrize("seed", range(1, 21))
def test_every_seed_has_the_same_shape(seed: int, tmp_path: Path) -> None:
    result = the_ending_of(seed, tmp_path / "shop")
    score = result.score
    quarter, half, three = (seconds / HOUR_SECONDS for seconds in score.ahead_seconds)
    wrong = sum(ends.total() for ends in score.told_wrongly.values())

    assert 11_500 <= result.records.read <= 13_000 and 40 <= result.records.dead_letters <= 70
    assert 190 <= result.customers_told <= 250
    assert len(result.problems) == 11
    assert 65 <= score.complaints <= 125
    assert 0.5 < score.told_before / score.complaints < 0.85
    assert 0.35 < score.before_felt / score.told_before < 0.75
    assert 1 < quarter < 9 and 6 < half < 30 and 20 < three < 45
    assert {NO_RULE, TOO_LATE, Reason.QUIET_HOURS} <= set(score.missed)
    assert 0.1 < wrong / score.told < 0.26
