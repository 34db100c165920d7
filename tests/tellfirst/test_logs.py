"""What the clients of Kafka say is said seldom; what they did not get to say is counted."""

import json
import logging

import pytest

from tellfirst import logs
from tellfirst.logs import ONCE_IN_SECONDS, set_up_logs


def test_a_client_that_says_the_same_again_and_again_is_heard_once_in_half_a_minute(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [0.0]
    monkeypatch.setattr(logs, "elapsed", lambda: moment[0])
    set_up_logs("info")
    client = logging.getLogger("aiokafka.conn")

    for moment[0] in (0.0, 1.0, 2.0, ONCE_IN_SECONDS + 1):
        client.warning("cannot connect to node %s", 1)
    client.info("no more than a remark")

    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["said"], line["by"], line["unsaid"]) for line in said] == [
        ("cannot connect to node 1", "aiokafka.conn", 0),
        ("cannot connect to node 1", "aiokafka.conn", 2),
    ]


def test_what_is_harmless_is_not_said_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("info")

    logging.getLogger("mode.timers").warning("Timer commit is overlapping")

    assert capsys.readouterr().err == ""
