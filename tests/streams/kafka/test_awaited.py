"""Which topics a slot has to see before it believes in an absence, and which kinds of cases wait for what other slots pass on."""

from dataclasses import replace
from pathlib import Path

import pytest

from streams.kafka.awaited import awaited_topics, kinds_by_copy
from streams.kafka.settings import Input
from streams.project import Project
from tests.streams.kafka.at_random import a_project
from tests.streams.kafka.world import SETTINGS
from tests.streams.shop import a_shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return a_shop(tmp_path_factory.mktemp("shop"))


def test_only_topics_that_carry_what_a_rule_reads_or_a_complaint_are_waited_for(tmp_path: Path) -> None:
    project = a_project(tmp_path)

    assert awaited_topics(project.ruleset, SETTINGS) == {"orders", "deliveries", "complaints"}


def test_a_kind_waits_for_copies_when_its_events_or_complaints_may_be_keyed_by_another(shop: Project) -> None:
    by_copy = kinds_by_copy(shop.ruleset, shop.catalogue, SETTINGS)

    assert by_copy == {"complaint", "meter", "order", "parcel"}
    assert shop.ruleset.plans.keys() - by_copy == {"account", "refund", "subscription"}


def test_events_of_a_foreign_topic_may_be_keyed_by_anything(shop: Project) -> None:
    foreign = replace(SETTINGS, inputs=(*SETTINGS.inputs, Input("network", ("usage",), mapping="network")))

    assert "account" in kinds_by_copy(shop.ruleset, shop.catalogue, foreign)
