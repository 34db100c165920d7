"""The routes, in one place: what a sender, a provider, a load balancer and Prometheus can ask of us."""

import secrets
import sqlite3
from collections.abc import Callable, Mapping

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from storage.errors import StoreError
from streams.inbox import Draining, Full
from streams.kafka.errors import KafkaUnreachable
from streams.traceparent import NAME, of_request
from tellfirst.http.receipts import Receipts, receipts_of
from tellfirst.http.receiving import RETRY_AFTER, Receiver, TooLarge, form_of, records_of, whole

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
OPENMETRICS_END = b"# EOF\n"
NOT_WRITTEN = (StoreError, sqlite3.Error)


def build_app(
    checks: Callable[[], Mapping[str, str | None]],
    *,
    metrics: Callable[[], bytes],
    lives: Callable[[], bool] = lambda: True,
    token: str | None = None,
    events: Receiver | None = None,
    receipts: Receipts | None = None,
) -> FastAPI:
    """Serve health and metrics, and what somebody takes in.

    checks: returns each check of readiness with the reason why it fails, None where it is well.
    It and metrics may wait a little: they are asked in threads. lives: whether we are to be left alone, without waiting.
    token: what a sender must show; None where only this machine can reach us.
    """
    app = FastAPI(title="tellfirst", docs_url=None, redoc_url=None, openapi_url=None)
    _show_health(app, checks, metrics, lives)
    if events is not None:
        _take_events(app, events, token)
    if receipts is not None:
        _take_receipts(app, receipts, token)
    return app


def _show_health(
    app: FastAPI, checks: Callable[[], Mapping[str, str | None]], metrics: Callable[[], bytes], lives: Callable[[], bool]
) -> None:
    @app.get("/livez")
    async def livez() -> JSONResponse:
        alive = lives()
        return JSONResponse({"alive": alive}, 200 if alive else 503)

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        found = {name: {"ok": reason is None, "reason": reason} for name, reason in checks().items()}
        ready = all(each["ok"] for each in found.values())
        return JSONResponse({"ready": ready, "checks": found}, 200 if ready else 503)

    @app.get("/metrics")
    def all_metrics() -> Response:
        text = metrics()
        return Response(text, media_type=OPENMETRICS_TYPE if text.endswith(OPENMETRICS_END) else METRICS_TYPE)


def _take_events(app: FastAPI, receiver: Receiver, token: str | None) -> None:
    @app.post("/events", status_code=202)
    async def events(request: Request) -> Mapping[str, int]:
        return await receive(request, None)

    @app.post("/events/{mapping}", status_code=202)
    async def foreign_events(mapping: str, request: Request) -> Mapping[str, int]:
        if mapping not in receiver.mappings:
            raise HTTPException(
                404, f"there is no mapping `{mapping}` — the project has {', '.join(sorted(receiver.mappings)) or 'none'}"
            )
        return await receive(request, mapping)

    async def receive(request: Request, mapping: str | None) -> Mapping[str, int]:
        records = await _records_in(request, token)
        try:
            return await receiver.submit(records, mapping=mapping, traceparent=of_request(request.headers.get(NAME)))
        except TooLarge as fault:
            raise HTTPException(413, f"{fault} for a topic — nothing of this body was taken; send smaller events") from None
        except Full:
            raise HTTPException(429, "too many records wait to be written — send these again later", RETRY_AFTER) from None
        except Draining:
            raise HTTPException(503, "we are about to stop — send these to the next process", RETRY_AFTER) from None
        except KafkaUnreachable:
            raise HTTPException(503, "the brokers cannot be written to — send these again later", RETRY_AFTER) from None
        except NOT_WRITTEN:
            raise HTTPException(503, "the store cannot be written to — send these again later", RETRY_AFTER) from None


def _take_receipts(app: FastAPI, taker: Receipts, token: str | None) -> None:
    @app.post("/receipts", status_code=202)
    async def receipts(request: Request) -> Mapping[str, int]:
        records = await _records_in(request, token)
        try:
            return await taker.take(receipts_of(records, now=taker.now()))
        except NOT_WRITTEN:
            raise HTTPException(503, "the store cannot be written to — send these again later", RETRY_AFTER) from None


async def _records_in(request: Request, token: str | None) -> list[bytes]:
    admit(request.headers.get("authorization", ""), token)
    form = form_of(request.headers.get("content-type", ""))
    try:
        return records_of(await whole(request.stream()), form)
    except ClientDisconnect:
        raise HTTPException(400, "the sender hung up before its body was whole — send it again") from None


def admit(authorization: str, token: str | None) -> None:
    """Raises HTTPException 401 for a sender who does not show the token, compared in constant time."""
    if token is not None and not secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        raise HTTPException(
            401, "the bearer token is missing or wrong — send `Authorization: Bearer …`", {"WWW-Authenticate": "Bearer"}
        )
