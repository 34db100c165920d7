"""Whoever goes from the demo to Kafka as the page says sees what it shows, on a real broker."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.running import Reader, blocks_of
from tests.slow.real_kafka import SCRIPT, free_ports

PAGE = Path(__file__).parents[2] / "docs" / "kafka.md"
PLACED = """\
#!/bin/sh
[ "$1" = start ] && set -- "$@" --port {port}
exec "{python}" "{script}" "$@" --folder "$PWD/broker"
"""


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """A reader in a folder of a newcomer, whose name has a space; the broker is at a port that nobody uses."""
    folder, port = tmp_path / "a new place", free_ports()
    command = folder / "deploy" / "kafka" / "broker.py"
    command.parent.mkdir(parents=True)
    command.write_text(PLACED.format(port=port, python=sys.executable, script=SCRIPT))
    command.chmod(0o755)
    reader = Reader(folder, **{"127.0.0.1:9092": f"127.0.0.1:{port}"})
    yield reader
    reader.close()
    subprocess.run([sys.executable, SCRIPT, "stop", "--kill", "--folder", folder / "broker"], check=True, timeout=60)


@pytest.mark.timeout(180)
def test_three_steps_lead_from_the_demo_to_kafka(reader: Reader) -> None:
    for block in blocks_of(PAGE):
        if block.language != "yaml":
            reader.read(block)
            for done in reader.done:
                assert done.fits, f"{PAGE.name}:{done.line}  $ {done.command}\n(exit code {done.code})\n{done.said}"

    assert len(reader.done) > 8
