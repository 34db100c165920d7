"""The image, built by its Dockerfile and run as nobody without any right, is ready, tells a customer, and drains."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tellfirst.init.folder import make_project
from tests.slow.real_image import Workshop

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with TemporaryDirectory() as folder:  # podman takes no runroot of more than 50 characters
        workshop = Workshop(Path(folder))
        workshop.make_base()
        workshop.build()
        yield workshop


@pytest.fixture(scope="module")
def seen(workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What was seen of a life of the image, from its start to SIGTERM."""
    project = tmp_path_factory.mktemp("project")
    make_project(project)
    (project / "data").mkdir()
    for each in (project, *project.parents[:2]):
        each.chmod(0o755)
    return workshop.live_through(project)


def test_the_image_says_what_it_is(workshop: Workshop) -> None:
    promises = workshop.promises()

    assert promises["User"] == "65532:65532"
    assert promises["Entrypoint"] == ["tellfirst"], "a shell in front would not hand SIGTERM on"
    assert "/livez" in promises["Healthcheck"]["Test"][-1]
    assert "/project/data" in promises["Volumes"]


def test_it_is_ready_and_well_without_any_right(seen: dict[str, Any]) -> None:
    assert seen["ready"] == 200
    assert seen["is_well"]
    assert seen["rights"] == {"Uid": "65532", "CapEff": "0" * 16, "CapBnd": "0" * 16, "NoNewPrivs": "1"}
    assert not seen["may_write"]


def test_it_tells_a_customer_and_takes_events_from_nobody_without_the_token(seen: dict[str, Any]) -> None:
    assert (seen["without_token"], seen["with_token"]) == (401, 202)
    assert len(seen["told"]) == 1
    assert "did not go through" in seen["told"][0]


def test_it_says_where_its_threads_stand(seen: dict[str, Any]) -> None:
    assert "most recent call first" in seen["stacks"]


def test_it_drains_on_sigterm(seen: dict[str, Any]) -> None:
    assert seen["exit"] == 0
    assert seen["seconds"] < 25
