"""A shop whose events come by slots, at nine in the morning."""

from pathlib import Path

import pytest

from contracts.times import parse_instant
from storage.sqlite import open_memory
from streams.project import Project
from tests.streams.kafka.shop_run import LAG, SLOTS, Run
from tests.streams.kafka.world import with_lag
from tests.streams.shop import a_shop

NINE = parse_instant("2026-03-02T09:00:00Z")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return with_lag(a_shop(tmp_path), LAG)


@pytest.fixture
def run(project: Project) -> Run:
    """One worker that has all slots."""
    run = Run(project, open_memory())
    run.now = NINE
    run.worker(range(SLOTS))
    return run
