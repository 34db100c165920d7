"""What metrics, logs and traces cost of a live run at half load: python -m benchmarks.points.watching SECONDS TURNS [WHAT].

A live run with SQLite and twenty rules is watched and left alone by turns, so many seconds each; one event in a hundred is a
finding. Watched: metrics, asked for over HTTP by another process every 5 s; the log, a line of JSON for each problem, into a
file; a span for each batch and each problem, sent by HTTP to another process.
WHAT: only `metrics`, `logs` or `traces` of it. Needs the extra `otel`.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, redirect_stderr, suppress
from pathlib import Path
from statistics import median
from time import process_time_ns

from benchmarks.points.latency import SOURCE, TO_MEASURE_CAPACITY, WARM, a_run, at_most, at_rate, events
from benchmarks.points.point import a_folder, main
from benchmarks.rounds import Answer
from benchmarks.workload.rules import TWENTY
from storage.sqlite import open_store
from streams.batch import Committed
from streams.collecting import rare_collection
from streams.embedded import Embedded
from streams.metrics import Metrics
from tellfirst.clock import now
from tellfirst.http.serving import listen_on
from tellfirst.logs import set_up_logs
from tellfirst.run.process import Process
from tellfirst.run.reporting import Reporting
from tellfirst.run.running import Running
from tellfirst.settings import Telemetry

try:
    from tellfirst.tracing.provider import provider_of
    from tellfirst.tracing.spans import Tracing
except ImportError:
    raise SystemExit("benchmarks.points.watching: OpenTelemetry is not installed — pip install 'tellfirst[otel]'") from None

SCRAPE_SECONDS = 5.0
ALL = ("metrics", "logs", "traces")
READER = """
import sys, urllib.request
for address in sys.stdin:
    assert b"tellfirst_events_total" in urllib.request.urlopen(address.strip(), timeout=10).read()
"""
SINK = """
from http.server import BaseHTTPRequestHandler, HTTPServer
class Sink(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()
    def log_message(self, *words):
        pass
server = HTTPServer(("127.0.0.1", 0), Sink)
print(server.server_port, flush=True)
server.serve_forever()
"""


class Watching:
    """Hears of batches while it is `on`."""

    def __init__(self, reporting: Reporting) -> None:
        self._reporting, self.on, self.problems = reporting, False, 0

    def committed(self, committed: Committed, arrived: int | None) -> None:
        self.problems += sum(committed.counts.phases.values())
        if self.on:
            self._reporting.committed(committed, arrived)


def point(seconds: str, turns: str, what: str = "") -> Answer:
    watched = (what,) if what else ALL
    with a_folder() as folder, (folder / "log").open("w") as log, redirect_stderr(log), a_sink() as address, rare_collection():
        set_up_logs("info" if "logs" in watched else "error")
        return asyncio.run(_point(folder, float(seconds), int(turns), watched, address))


async def _point(folder: Path, seconds: float, turns: int, watched: Sequence[str], address: str) -> Answer:
    provider, processor = provider_of(Telemetry(), "1", address)
    metrics = Metrics(rules=TWENTY, sources=[SOURCE], channels=["email"], version="1")
    watching = Watching(Reporting(metrics, clock=now, tracing=Tracing(provider, processor) if "traces" in watched else None))
    embedded = a_run(folder, watching.committed)
    async with _process(folder, embedded, metrics) as ask:
        await at_most(embedded, events(0, WARM))
        rate = await at_most(embedded, events(WARM, TO_MEASURE_CAPACITY)) / 2
        count, first, spent = int(seconds * rate), WARM + TO_MEASURE_CAPACITY, dict[bool, list[float]]()
        for turn in range(2 * turns):
            raws, watching.on = events(first + turn * count, count), bool(turn % 2)
            before = process_time_ns()
            with _scraped(ask, watching.on and "metrics" in watched):
                await at_rate(embedded, rate, raws)
            provider.force_flush()
            spent.setdefault(watching.on, []).append((process_time_ns() - before) / count)
    return {
        "rate": rate,
        "left_alone_ns": median(spent[False]),
        "watched_ns": median(spent[True]),
        "share": median(on / off - 1 for off, on in zip(spent[False], spent[True], strict=True)),
        "problems_share": watching.problems / (first + 2 * turns * count),
    }


@asynccontextmanager
async def _process(folder: Path, embedded: Embedded, metrics: Metrics) -> AsyncIterator[Callable[[], None]]:
    """Run it as `run` does; yield what has another process ask for all metrics."""
    with (
        closing(open_store(folder / "data", read_only=True)) as store,
        listen_on("127.0.0.1", 0) as listener,
        a_reader() as reader,
    ):
        part = Running(embedded, store, metrics, feeds={}, stays=True, mappings=(), clock=now, resting=dict, at_the_end=_nothing)
        running = asyncio.create_task(Process([part], metrics, listener=listener).run())
        assert reader.stdin is not None
        line, stdin = f"http://127.0.0.1:{listener.getsockname()[1]}/metrics\n", reader.stdin
        yield lambda: print(line, end="", file=stdin, flush=True)
        part.stop()
        await running


async def _nothing() -> None:
    """There is no provider to take leave of."""


@contextmanager
def _scraped(ask: Callable[[], None], wanted: bool) -> Iterator[None]:
    """Have all metrics asked for every 5 s, as Prometheus does."""

    async def scrape() -> None:
        while True:
            ask()
            await asyncio.sleep(SCRAPE_SECONDS)

    scraping = asyncio.ensure_future(scrape()) if wanted else None
    yield
    if scraping is not None:
        scraping.cancel()


@contextmanager
def a_reader() -> Iterator["subprocess.Popen[str]"]:
    """Yield another process, which reads whatever page it is told."""
    with subprocess.Popen([sys.executable, "-c", READER], stdin=subprocess.PIPE, text=True) as reader:
        yield reader
    assert reader.returncode == 0, "the metrics could not be read"


@contextmanager
def a_sink() -> Iterator[str]:
    """Yield the address of another process that takes spans."""
    sink = subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True)
    try:
        assert sink.stdout is not None
        yield f"http://127.0.0.1:{int(sink.stdout.readline())}/v1/traces"
    finally:
        sink.terminate()
        with suppress(subprocess.TimeoutExpired):
            sink.wait(10)


if __name__ == "__main__":
    main(point)
