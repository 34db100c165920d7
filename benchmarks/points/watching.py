"""What metrics, logs and traces cost of a live run at half load: python -m benchmarks.points.watching SECONDS TURNS [WHAT].

A live run with SQLite and twenty rules is watched and left alone by turns, so many seconds each; one event in a hundred is a problem.
Watched: metrics, scraped every 5 s; the log, as JSON into a file; a span for each batch and problem, sent to another process.
WHAT: only `metrics`, `logs` or `traces` of it. Needs the extra `otel`.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from random import Random
from statistics import median
from time import process_time_ns

import structlog

from benchmarks.points.latency import SOURCE, a_run, at_most, at_rate, now
from benchmarks.points.point import a_folder, main
from benchmarks.rounds import Answer
from benchmarks.workload.life import Happened
from benchmarks.workload.live import live
from benchmarks.workload.stream import event
from streams.batch import Committed
from streams.embedded import Embedded
from streams.metrics import Metrics
from streams.replay import rare_collection
from tellfirst.logs import set_up_logs
from tellfirst.reporting import Reporting
from tellfirst.settings import Telemetry
from tellfirst.tracing.provider import provider_of
from tellfirst.tracing.spans import Tracing

ORDERS, WARM, TO_MEASURE_CAPACITY = 50_000, 50_000, 20_000
SCRAPE_SECONDS = 5.0
ALL = ("metrics", "logs", "traces")
SINK = """
from http.server import BaseHTTPRequestHandler, HTTPServer
class Sink(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200); self.send_header("content-length", "0"); self.end_headers()
    def log_message(self, *words): pass
server = HTTPServer(("127.0.0.1", 0), Sink)
print(server.server_port, flush=True)
server.serve_forever()
"""
