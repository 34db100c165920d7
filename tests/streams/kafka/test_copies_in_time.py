"""No absence is found for an event that lies somewhere: in another slot's backlog, in the outbox, in the topic of copies."""

import pytest

from streams.kafka import exchange, holding
from streams.project import Project
from tests.streams.kafka.at_random import Chaos, a_project

SEEDS = range(20)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return a_project(tmp_path_factory.mktemp("orders"))


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_comes_first_only_what_is_late_is_found(project: Project, seed: int) -> None:
    chaos = Chaos(project, seed)

    assert chaos.run() == sorted(chaos.late)


def fails_somewhere(project: Project) -> bool:
    """Whether a schedule finds an absence that is none."""
    for seed in SEEDS:
        chaos = Chaos(project, seed)
        if not set(chaos.run()) <= chaos.late:
            return True
    return False


def test_without_waiting_for_copies_it_fails(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "kinds_by_copy", lambda *of: frozenset())

    assert fails_somewhere(project)


def test_without_looking_for_copies_that_still_wait_it_fails(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(Chaos(project, 0).store), "copies_waiting", lambda self: None)

    assert fails_somewhere(project)


def test_without_all_slots_it_fails(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "least", lambda ws: max([w for w in ws if w is not None], default=None))

    assert fails_somewhere(project)
