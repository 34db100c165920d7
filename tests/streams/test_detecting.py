"""Records that are taken together come to the same as those that are taken one by one."""

from pathlib import Path

import pytest

from contracts.event import Fate
from storage.sqlite import open_memory
from streams.detecting import Detecting
from streams.generator import generate
from streams.intake import Intake
from streams.stepping import Stepping
from streams.watermark import FileWatermark
from tests.streams.shop import a_shop

SOURCE = "week.jsonl"


@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_however_many_are_taken_together_the_same_is_found_and_counted(tmp_path: Path, size: int) -> None:
    project = a_shop(tmp_path)
    raws = list(generate(11))[:3_000]
    records = Intake(project.catalogue, source=SOURCE, zone=project.settings.zone).read_all(raws, arrived=None, first=0)
    alone, together = Detecting(project.ruleset, open_memory()), Detecting(project.ruleset, open_memory())
    stepping, mark = Stepping(alone, source=SOURCE, mark=FileWatermark()), FileWatermark()

    fates = [stepping.take(record) for record in records]
    taken = dict.fromkeys(Fate, 0)
    for first in range(0, len(records), size):
        some = together.take_all(records[first : first + size], SOURCE, saw=mark.saw, w=mark.w, now=mark.greatest or 0)
        taken = {fate: number + some[fate] for fate, number in taken.items()}
    together.fire(mark.w or 0, mark.greatest or 0)

    assert taken == {fate: fates.count(fate) for fate in Fate}
    found, also = [each.finding for each in alone.hand_on().found], [each.finding for each in together.hand_on().found]
    assert found == also != []
    one, other = alone.close(), together.close()
    assert one.counts.fates == other.counts.fates
    assert one.counts.late == other.counts.late and one.counts.late[SOURCE]
    assert sorted(one.cases, key=lambda each: each.case) == sorted(other.cases, key=lambda each: each.case)
