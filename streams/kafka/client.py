"""How we come to the brokers: the settings in, the words of kafka-python out; and what went wrong in words of ours."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from ssl import SSLContext, create_default_context
from typing import Any

from kafka.errors import BrokerResponseError, KafkaError, KafkaTimeoutError, RequestTimedOutError, RetriableError

from streams.kafka.errors import KafkaRefused, KafkaUnreachable
from streams.kafka.settings import KafkaSettings, Tls

CONNECT_MS = 5_000
ANSWER_MS = 10_000
LONGEST_REASON = 200
LATE = (KafkaTimeoutError, RequestTimedOutError)
BY_THE_BROKER = re.compile(r"error_message='((?:[^'\\]|\\.)+)'")


class Overheard(logging.Handler):
    """What kafka-python logs while it tries, the only place where it tells why. reason: the last that is more than being late."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.reason: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        for said in record.args if isinstance(record.args, tuple) else ():
            if isinstance(said, OSError | KafkaError) and not isinstance(said, LATE):
                self.reason = said


def words_of(settings: KafkaSettings, folder: Path) -> dict[str, Any]:
    """Return what every client is told. folder: where the files stand.

    Raises OSError for files that cannot be read or are no certificates, ValueError for a secret that is empty.
    """
    words: dict[str, Any] = {
        "bootstrap_servers": list(settings.brokers),
        "client_id": settings.group,
        "bootstrap_timeout_ms": CONNECT_MS,
        "request_timeout_ms": ANSWER_MS,
    }
    tls, login = settings.tls, settings.login
    if tls is not None:
        words["ssl_context"] = _trust(tls, folder)
    if login is not None:
        words["sasl_mechanism"] = login.mechanism.upper()
        words |= {"sasl_plain_username": login.user, "sasl_plain_password": login.password.reveal(folder)}
    words["security_protocol"] = f"{'SASL_' if login else ''}{'SSL' if tls else 'PLAINTEXT'}"
    return words


def aiokafka_words_of(settings: KafkaSettings, folder: Path) -> dict[str, Any]:
    """Return the same for aiokafka, which is told elsewhere how long it waits. Raises OSError and ValueError as words_of."""
    return {word: said for word, said in words_of(settings, folder).items() if not word.endswith("_ms")}


def _trust(tls: Tls, folder: Path) -> SSLContext:
    """Return whom we trust, names checked, and by what brokers know us. Raises OSError, which names a file that is not there."""
    for file in filter(None, (tls.trusted, tls.certificate, tls.key)):
        (folder / file).open().close()  # OpenSSL does not say which
    context = create_default_context(cafile=tls.trusted and folder / tls.trusted)
    if tls.certificate is not None and tls.key is not None:
        context.load_cert_chain(folder / tls.certificate, folder / tls.key)
    return context


@contextmanager
def reaching(settings: KafkaSettings) -> Iterator[None]:
    """Talk to the brokers within this; what kafka-python would log is not said. Raises KafkaUnreachable, KafkaRefused."""
    logger, overheard = logging.getLogger("kafka"), Overheard()
    before = logger.propagate
    logger.propagate = False
    logger.addHandler(overheard)
    try:
        yield
    except KafkaError as failed:
        if isinstance(failed, BrokerResponseError) and not isinstance(failed, RetriableError):
            raise _refusal(settings, failed) from None
        raise _unreachable(settings, overheard.reason or failed) from None
    finally:
        logger.propagate = before
        logger.removeHandler(overheard)


def _refusal(settings: KafkaSettings, failed: BrokerResponseError) -> KafkaRefused:
    return KafkaRefused(f"{place_of(settings)}  the brokers refuse: {_reason(failed)} — see their logs, and our rights there")


def _unreachable(settings: KafkaSettings, why: BaseException) -> KafkaUnreachable:
    reason = _reason(why)
    if "certificate" in reason.lower():
        remedy = "see `tls`: whom we trust (`ca_file`), and by what they know us (`cert_file`, `key_file`)"
    elif settings.login is not None and ("disconnected" in reason or "SASL" in reason.upper()):
        reason, remedy = "they do not let us log in", "see `sasl`: mechanism, user and password"
    else:
        remedy = "see that brokers listen there, and whether they want `tls` or `sasl`"
    return KafkaUnreachable(f"{place_of(settings)}  the brokers cannot be reached: {reason} — {remedy}")


def place_of(settings: KafkaSettings) -> str:
    return f"kafka {','.join(settings.brokers)}"


def _reason(error: BaseException) -> str:
    """Return what an error says, as the broker put it where it did, without the request that it repeats."""
    text = str(error.args[0]) if error.args else ""
    said = BY_THE_BROKER.search(text)
    known = getattr(error, "description", None) or type(error).__name__
    return (said[1] if said else known if not text or text.startswith("Request") else text)[:LONGEST_REASON].rstrip(" .")
