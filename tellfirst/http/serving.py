"""A listening socket, and a server on it that leaves signals to whoever runs it."""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from tellfirst.http.apart import App

DRAIN_SECONDS = 10


class Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server_of(app: App) -> Server:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    return Server(config)


def listen_on(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one. Raises OSError, which names the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as fault:
        raise OSError(fault.errno, fault.strerror, f"{host}:{port}") from None


def say_where(listener: socket.socket) -> None:
    """Tell whoever started us, once all is there that is needed to answer."""
    host, port = listener.getsockname()[:2]
    print(f"listening on http://{f'[{host}]' if ':' in host else host}:{port}", file=sys.stderr, flush=True)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
