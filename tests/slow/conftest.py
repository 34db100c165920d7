"""Every test of this folder is a proof: marked slow, and failed when it would be skipped."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tellfirst.cli import app
from tellfirst.init.folder import make_project
from tests.slow.real_kafka import Broker, running

HERE = Path(__file__).parent
Ask = Callable[..., Result]


@pytest.fixture(scope="session")
def shared_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with running(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.fixture
def broker(shared_broker: Broker) -> Broker:
    """A real Kafka without any topic."""
    shared_broker.remove_all()
    return shared_broker


@pytest.fixture
def shop(tmp_path: Path, broker: Broker) -> Path:
    """The project of a newcomer on it."""
    folder = tmp_path / "shop"
    make_project(folder)
    kafka = f"\nkafka: {{brokers: {broker.address}, partitions: 4}}\n"
    (folder / "tellfirst.yaml").write_text((folder / "tellfirst.yaml").read_text() + kafka)
    return folder


@pytest.fixture
def ask(shop: Path) -> Ask:
    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["--project", str(shop), *words], catch_exceptions=False)

    return run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and HERE in item.path.parents:
        report.outcome = "failed"
        report.longrepr = f"a skipped proof is a failed one: {report.longrepr}"
    return report
