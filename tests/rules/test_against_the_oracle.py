"""Random rules against random events: the compiled core says what the slow interpreter says."""

import pytest

from tests.oracle.random_rules import phases_by_oracle, random_story
from tests.oracle.traces import SEMANTICS, read
from tests.rules.core_run import CoreRun, compiled, phases_of_file

SEEDS_EACH = 250


@pytest.mark.parametrize("first", range(0, 2_000, SEEDS_EACH))
def test_core_and_oracle_agree_from_seed(first: int) -> None:
    catalogue = read(SEMANTICS / "events.yaml")
    spoken = 0

    for seed in range(first, first + SEEDS_EACH):
        story = random_story(seed)
        run = CoreRun(compiled(story.rule_yaml), catalogue, "UTC", repacks=seed % 2 == 0)
        found = list(phases_of_file(run, story.events, disorder=story.disorder))
        wanted = phases_by_oracle(story.rule_yaml, catalogue, story.events, story.disorder)
        assert found == wanted, f"seed {seed}"
        spoken += len(wanted)

    assert spoken > SEEDS_EACH, "stories in which nothing happens prove nothing"
