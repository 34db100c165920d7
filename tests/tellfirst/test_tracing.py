"""Traces, where OpenTelemetry is installed and asked for: what is a span, in whose trace it is, and what is without it."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from contracts.ids import span_of, trace_of
from contracts.message import Outcome
from contracts.outgoing import Outgoing, Word
from notifiers.channels import Reply
from notifiers.channels.providers import Care
from tellfirst.settings import Telemetry
from tests.notifiers.channels.posts import a_post
from tests.notifiers.channels.receiver import Receiver
from tests.notifiers.channels.test_webhook import webhook, with_receiver
from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import House
from tests.tellfirst.spans import attributes_of, otlp_receiver
from tests.tellfirst.test_reporting import PERSONAL, a_day, an_event
from tests.tellfirst.test_run import rows

pytest.importorskip("opentelemetry.sdk", reason="requirements.lock has it: make install")

SENDER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
ONE_TRACE = ["notice told", "problem opened", "send email"]


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    with otlp_receiver() as (address, spans):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        yield spans


@pytest.fixture
def house(house: House) -> House:
    house.log_level = "info"
    return house


def trace_of_span(span: Any) -> int:
    return int.from_bytes(span.trace_id, "big")


def test_a_problem_is_one_trace_down_to_its_message_and_its_batch_is_linked_to_the_sender(
    house: House, ask: Ask, spans: list[Any]
) -> None:
    a_day(house, ask, traceparent=SENDER)

    (notice,) = rows(ask, house.project, "notices")
    trace = trace_of(str(notice["problem"]))
    ours = {span.name: span for span in spans if trace_of_span(span) == trace}
    assert sorted(ours) == ONE_TRACE
    root, told = ours["problem opened"], ours["notice told"]
    assert (root.span_id, root.parent_span_id) == (span_of(str(notice["problem"])).to_bytes(8, "big"), b"")
    assert (told.span_id, told.parent_span_id) == (span_of(str(notice["notice"])).to_bytes(8, "big"), root.span_id)
    assert ours["send email"].parent_span_id == told.span_id
    (batch,) = [span for span in spans if span.span_id == root.links[0].span_id]
    assert batch.name == "batch"
    assert [link.trace_id.hex() for link in batch.links] == [SENDER.split("-")[1]]
    assert attributes_of(batch) == {"tellfirst.records.applied": 2, "tellfirst.records.dead": 1}


def test_spans_name_nobody(house: House, ask: Ask, spans: list[Any]) -> None:
    a_day(house, ask, traceparent=SENDER)

    said = "".join(str(span) for span in spans)
    assert not [each for each in (*PERSONAL.values(), "O-123456", "ada") if each in said]


def test_why_names_the_trace_of_each_problem(house: House, ask: Ask, spans: list[Any]) -> None:
    a_day(house, ask)

    (notice,) = rows(ask, house.project, "notices")
    assert (
        f"trace {trace_of(str(notice['problem'])):032x}" in ask("--project", str(house.project), "why", "order/O-123456").stdout
    )


def test_latencies_show_an_example_with_its_trace(house: House, ask: Ask, spans: list[Any]) -> None:
    shown: list[httpx.Response] = []

    a_day(house, ask, look=lambda: shown.append(httpx.get(f"{house.address}/metrics")))

    (notice,) = rows(ask, house.project, "notices")
    (sent,) = [line for line in shown[0].text.splitlines() if "due_to_sent_seconds_bucket" in line and "# {" in line]
    assert f'# {{trace_id="{trace_of(str(notice["problem"])):032x}"}}' in sent
    assert any("event_to_decision_seconds_bucket" in line and "trace_id=" in line for line in shown[0].text.splitlines())
    assert shown[0].headers["content-type"].startswith("application/openmetrics-text")


def test_what_the_sampler_drops_is_neither_sent_nor_an_example(
    house: House, ask: Ask, spans: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    shown: list[str] = []

    a_day(house, ask, look=lambda: shown.append(httpx.get(f"{house.address}/metrics").text))

    assert spans == []
    assert "trace_id" not in shown[0]


def test_a_receiver_that_is_away_hinders_nothing(house: House, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")

    said = a_day(house, ask)

    assert "told" in [line["event"] for line in said]


class Provider:
    """A channel with a provider that answers with what it is told to. heard: the headers of each try."""

    name, at_most_once, care = "email", False, Care()

    def __init__(self, tracing: Any, reply: Reply) -> None:
        self._tracing, self._reply = tracing, reply
        self.heard: list[str] = []

    async def send(self, message: object) -> Reply:
        self.heard.append(self._tracing.headers()["traceparent"])
        return self._reply

    async def knock(self) -> str | None:
        return None

    async def aclose(self) -> None:
        """There is nothing to close."""


def test_a_try_is_a_span_and_the_providers_trace_goes_on_from_it(spans: list[Any]) -> None:
    from tellfirst.tracing.provider import provider_of
    from tellfirst.tracing.spans import Tracing

    tracing, post = Tracing(*provider_of(Telemetry(), "1")), a_post()
    provider = Provider(tracing, Reply(Outcome.REFUSED, "550"))

    asyncio.run(tracing.over({"email": provider})["email"].send(post))
    tracing.close()

    (span,) = spans
    assert provider.heard == [f"00-{span.trace_id.hex()}-{span.span_id.hex()}-01"]
    assert trace_of_span(span) == trace_of(post.about[0].problem)
    assert (attributes_of(span)["tellfirst.outcome"], span.status.message) == ("refused", "550")


def test_a_webhook_carries_the_trace_of_its_problem(spans: list[Any]) -> None:
    from tellfirst.tracing.provider import provider_of
    from tellfirst.tracing.spans import Tracing

    tracing, post, receiver = Tracing(*provider_of(Telemetry(), "1")), a_post(channel="sms"), Receiver()

    with_receiver(receiver, lambda port: tracing.over({"sms": webhook(port, more=tracing.headers)})["sms"].send(post))
    tracing.close()

    (span,), ((headers, _),) = spans, receiver.got
    assert headers["traceparent"] == f"00-{trace_of(post.about[0].problem):032x}-{span.span_id.hex()}-01"


@pytest.mark.parametrize(
    ("topic", "line", "span"),
    [
        (Word.PROBLEMS, b'{"problem": "prb_1", "rule": "late"}', span_of("prb_1")),
        (Word.NOTICES, b'{"notice": "ntc_1", "problem": "prb_1"}', span_of("ntc_1")),
        (Word.RECEIPTS, b'{"notice": "ntc_1"}', None),
        (Word.NOTICES, None, None),
    ],
)
def test_what_goes_on_to_topics_names_the_trace_of_its_problem(topic: Word, line: bytes | None, span: int | None) -> None:
    from tellfirst.tracing.provider import provider_of
    from tellfirst.tracing.spans import Tracing

    tracing = Tracing(*provider_of(Telemetry(), "1", "http://127.0.0.1:9"))
    record = Outgoing(topic=topic, key=b"parcel/P1", value=line, headers=(("id", b"1"),))

    dressed = tracing.on_a_record(record)

    carried = [] if span is None else [("traceparent", f"00-{trace_of('prb_1'):032x}-{span:016x}-01".encode())]
    assert list(dressed.headers) == [("id", b"1"), *carried]
    tracing.close()


@pytest.mark.parametrize(
    "traceparent", ["", "no trace", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-" + "4" * 5_000]
)
def test_a_record_whose_trace_cannot_be_read_is_taken_all_the_same(
    house: House, ask: Ask, spans: list[Any], traceparent: str
) -> None:
    a_day(house, ask, traceparent=traceparent)

    assert [list(span.links) for span in spans if span.name == "batch"] == [[]]


QUIET = """
import sys
from tellfirst.run.live import running
from tellfirst.tracing import traced
with traced() as tracing:
    print(tracing, [name for name in sys.modules if name.startswith(("opentelemetry.sdk", "tellfirst.tracing."))])
"""


@pytest.mark.parametrize("variables", [{}, {"OTEL_TRACES_EXPORTER": "none"}, {"OTEL_SDK_DISABLED": "true"}])
def test_where_nobody_asks_nothing_of_it_is_imported(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    if variables:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    done = subprocess.run([sys.executable, "-c", QUIET], capture_output=True, text=True, check=True)

    assert done.stdout == "None []\n"


def test_where_it_is_asked_for_and_not_installed_the_run_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")

    missing = f"import sys; sys.modules['opentelemetry.sdk'] = None{QUIET}"
    done = subprocess.run([sys.executable, "-c", missing], capture_output=True, text=True, check=True)

    assert "None" in done.stdout and "pip install 'tellfirst[otel]'" in done.stdout


def test_records_that_say_no_trace_belong_to_that_of_their_request(house: House, spans: list[Any]) -> None:
    house.start()
    own, ours = (
        an_event("1", "customer.updated", {"traceparent": SENDER}, **PERSONAL),
        an_event("2", "customer.updated", **PERSONAL),
    )

    for number, records in enumerate([(own,), (own, ours)], start=1):
        headers = {"content-type": "application/x-ndjson", "traceparent": f"00-{number:032x}-00f067aa0ba902b7-01"}
        assert httpx.post(f"{house.address}/events", content=b"\n".join(records), headers=headers).status_code == 202

    assert house.stop() == 0
    linked = [[link.trace_id.hex() for link in span.links] for span in spans if span.name == "batch"]
    assert linked == [[SENDER.split("-")[1]], [f"{2:032x}", SENDER.split("-")[1]]]
