"""deploy/kafka/broker.py: one real Kafka with one command, ready within seconds, gone when it is told so, with its data kept."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.slow.real_kafka import SCRIPT, Broker, free_ports


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker of our own that does not run yet."""
    own = Broker(tmp_path / "kafka", free_ports())
    yield own
    own.stop("--kill")


def run(*words: str, script: Path = SCRIPT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(script), *words], capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("how", [[], ["--kill"]])
def test_it_starts_again_with_the_data_of_before(broker: Broker, how: list[str]) -> None:
    assert broker.start().startswith(f"ready  {broker.address}  process ")
    broker.make("orders", partitions=2)
    broker.write("orders", b"kept")

    assert broker.stop(*how) == f"stopped, {broker.folder}\n"
    broker.start()

    assert [record.value for record in broker.records("orders")] == [b"kept"]


def test_status_says_whether_it_runs_by_its_exit_code(broker: Broker) -> None:
    folder = str(broker.folder)
    assert run("status", "--folder", folder).returncode == 1

    broker.start()

    status = run("status", "--folder", folder)
    assert (status.returncode, status.stdout.startswith(f"running  {broker.address}  process ")) == (0, True)
    assert broker.start().startswith(f"running already  {broker.address}  process ")
    assert (broker.stop(), run("status", "--folder", folder).returncode) == (f"stopped, {broker.folder}\n", 1)
    assert broker.stop() == f"not running, {broker.folder}\n"


def test_a_broker_that_runs_at_another_port_is_not_taken_for_the_one_that_was_asked_for(broker: Broker) -> None:
    broker.start()

    done = run("start", "--port", str(broker.port + 1), "--folder", str(broker.folder))

    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert f"a broker of this folder runs at {broker.address} — stop it first, or name another --folder" in done.stderr


def test_it_is_reached_from_this_machine_only(broker: Broker) -> None:
    broker.start()

    listeners = (broker.folder / "server.properties").read_text().split("\nlisteners=")[1].splitlines()[0].split(",")

    assert len(listeners) == 5
    assert all("://127.0.0.1:" in each for each in listeners)


def test_its_secrets_are_read_by_nobody_else(broker: Broker) -> None:
    broker.start()

    for name in ("password", "client.key", "broker.key", "broker.keys.pem", "server.properties"):
        assert (broker.folder / name).stat().st_mode & 0o077 == 0, name


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("start", "--port", str(port), "--folder", str(tmp_path / "kafka"))

    assert (done.returncode, done.stderr.count("\n")) == (4, 1)
    assert f"127.0.0.1:{port}  the address is taken" in done.stderr


def test_an_artifact_with_other_bytes_is_fetched_again_or_refused(tmp_path: Path, broker: Broker) -> None:
    copy = shutil.copytree(SCRIPT.parent, tmp_path / "deploy", ignore=shutil.ignore_patterns("broker", "jars"))
    said = (copy / "jars.sha256").read_text()
    (copy / "jars.sha256").write_text("0" * 64 + said[64:])

    done = run("start", "--port", str(broker.port), "--folder", str(broker.folder), script=copy / "broker.py")

    assert done.returncode == 4
    assert "1 artifacts are missing or not those of jars.sha256 (HdrHistogram-2.2.2.jar)" in done.stderr
