"""The random stories must be worth comparing: rich in what happens, the same for a seed, and indifferent to repeats."""

from collections import Counter

import yaml

from tests.oracle.case import Phase
from tests.oracle.random_rules import Story, phases_by_oracle, random_story
from tests.oracle.traces import SEMANTICS, read

SEEDS = range(400)
CATALOGUE = read(SEMANTICS / "events.yaml")


def phases(story: Story) -> list[Phase]:
    return phases_by_oracle(story.rule_yaml, CATALOGUE, story.events, story.disorder)


def test_every_kind_of_detector_reaches_every_phase_that_it_can() -> None:
    reached: Counter[tuple[str, str]] = Counter()
    for seed in SEEDS:
        story = random_story(seed)
        detect = yaml.safe_load(story.rule_yaml)["detect"]
        reached.update((next(iter(detect.get(phase.name, {"end": ""}))), phase.phase) for phase in phases(story))

    happened = set(reached)

    assert happened >= {
        (kind, phase) for kind in ("expect", "silence", "when", "sequence") for phase in ("opened", "updated", "cleared")
    }
    assert happened >= {("expect", "corrected"), ("silence", "corrected"), ("end", "solved"), ("end", "moot")}


def test_a_seed_always_tells_the_same_story() -> None:
    assert [random_story(seed) for seed in range(20)] == [random_story(seed) for seed in range(20)]


def test_repeats_change_nothing() -> None:
    for seed in SEEDS[:100]:
        story = random_story(seed)
        once = list({event["id"]: event for event in story.events}.values())

        assert phases_by_oracle(story.rule_yaml, CATALOGUE, once, story.disorder) == phases(story)
