"""The whole chain: a tellfirst that runs, Prometheus that scrapes it, Alertmanager, and a receiver that hears what they say."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

from rules.loader import library
from tests.slow.hurry import configure
from tests.slow.real_prometheus import alertmanager, ask, free_port, prometheus
from tests.tellfirst.house import House
from tests.tellfirst.posted import posted

WITHIN_SECONDS = 60
Heard = set[tuple[str, str]]


@contextmanager
def receiver() -> Iterator[tuple[str, Heard]]:
    """Yield the address of a webhook, and what it heard: names of alerts with `firing` or `resolved`."""
    heard: Heard = set()

    def take(body: bytes) -> None:
        heard.update((alert["labels"]["alertname"], alert["status"]) for alert in json.loads(body)["alerts"])

    with posted(take) as address:
        yield address, heard


def until_heard(heard: Heard, what: tuple[str, str]) -> None:
    for _ in range(WITHIN_SECONDS * 10):
        if what in heard:
            return
        time.sleep(0.1)
    raise AssertionError(f"{what} was not heard within {WITHIN_SECONDS} s, but {sorted(heard)}")


def test_a_tellfirst_that_is_killed_is_heard_of_and_so_is_its_return(tmp_path: Path) -> None:
    shop, listen, managed = tmp_path / "shop", f"127.0.0.1:{free_port()}", free_port()
    copytree(library(), shop / "rules")
    house = House(shop)
    with receiver() as (hook, heard):
        ours, theirs = configure(tmp_path, apps=[listen], hook=hook, port=managed)
        try:
            house.start("--listen", listen)
            with alertmanager(theirs, port=managed), prometheus(ours, data=tmp_path / "data") as address:
                until_heard(heard, ("TellfirstWatchdog", "firing"))
                until_shown(address, 'tellfirst_ready_check{check="store"} == 1')
                assert {name for name, _ in heard} == {"TellfirstWatchdog"}

                house.kill()
                until_heard(heard, ("TellfirstDown", "firing"))

                house.start("--listen", listen)
                until_heard(heard, ("TellfirstDown", "resolved"))
        finally:
            house.close()

    assert {name for name, _ in heard} == {"TellfirstWatchdog", "TellfirstDown"}


def until_shown(address: str, expr: str) -> None:
    for _ in range(WITHIN_SECONDS * 10):
        now = time.time()
        if ask(address, expr, start=now, end=now, step=1):
            return
        time.sleep(0.1)
    raise AssertionError(f"{expr} was not so within {WITHIN_SECONDS} s")
