"""What tellfirst.yaml says under `kafka`: where the brokers are, who we are to them, and which topic carries which events."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from contracts.times import DAY, HOUR
from notifiers.channels.providers import Secret
from rules.reading.part import Part
from rules.yaml import Text
from streams.providers import is_loopback, read_file, read_secret, variable

PORT = 9092
MOST_PARTITIONS = 1_000
MOST_REPLICAS = 15
SASL = ("KAFKA", "sasl")
SHORTEST, LONGEST = HOUR, 30 * DAY
TOPIC_NAME = re.compile(r"[A-Za-z0-9._-]{1,200}")
BROKER = re.compile(r"(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?")
CARRIED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")

Mechanism: TypeAlias = Literal["plain", "scram-sha-256", "scram-sha-512"]
MECHANISMS: tuple[Mechanism, ...] = ("plain", "scram-sha-256", "scram-sha-512")
USUAL_TOPICS: Mapping[str, tuple[str, ...]] = {
    "orders": ("order", "item", "payment", "refund", "card", "subscription"),
    "deliveries": ("shipment", "delivery", "parcel"),
    "usage": ("allowance", "usage", "account"),
    "customers": ("customer",),
    "complaints": ("complaint",),
}


@dataclass(frozen=True)
class Tls:
    """trusted: certificates to trust instead of the system's own. certificate, key: by which brokers know us."""

    trusted: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


@dataclass(frozen=True)
class Login:
    mechanism: Mechanism
    user: str
    password: Secret


@dataclass(frozen=True)
class Input:
    """A topic that we read. carries: event types, or the nouns that theirs begin with. mapping: None for CloudEvents."""

    topic: str
    carries: tuple[str, ...]
    mapping: str | None = None

    def may_carry(self, event_type: str) -> bool:
        return event_type in self.carries or event_type.partition(".")[0] in self.carries


USUAL_INPUTS = tuple(Input(topic, nouns) for topic, nouns in USUAL_TOPICS.items())


@dataclass(frozen=True, kw_only=True)
class KafkaSettings:
    """brokers: HOST:PORT, at least one. group: our consumer group, with which the names of our own topics begin.

    member: by which the group knows this worker, None for the name of the host and a number.
    partitions: of the inputs and of what is read beside them; None for as many as there are already.
    replicas, in_sync: None for what the cluster allows. retention: microseconds that an event is kept.
    """

    brokers: tuple[str, ...]
    group: str = "tellfirst"
    member: str | None = None
    partitions: int | None = None
    replicas: int | None = None
    in_sync: int | None = None
    retention: int = 7 * DAY
    inputs: tuple[Input, ...] = field(default=USUAL_INPUTS)
    tls: Tls | None = None
    login: Login | None = None

    def carrying(self, event_type: str) -> tuple[Input, ...]:
        """Return the inputs that may carry events of this type."""
        return tuple(each for each in self.inputs if each.may_carry(event_type))


def read_kafka(part: Part) -> KafkaSettings | None:
    own = part.part("kafka")
    if own is None:
        return None
    own.need("brokers", "write where they are, such as kafka-1.example.com:9092")
    retention = own.length("retention") or KafkaSettings.retention
    if not SHORTEST <= retention <= LONGEST:
        own.faults.refuse(own.place_of("retention"), "`retention` is too short or too long", "write a length from 1h to 30d")
    brokers, tls = tuple(_brokers(own)), _tls(own)
    settings = KafkaSettings(
        brokers=brokers,
        group=_topic_name(own, own.scalar("group")) or KafkaSettings.group,
        member=_topic_name(own, own.scalar("member")),
        partitions=own.count("partitions", most=MOST_PARTITIONS),
        replicas=own.count("replicas", most=MOST_REPLICAS),
        in_sync=own.count("in_sync", most=MOST_REPLICAS),
        retention=retention,
        tls=tls,
        login=_login(own, may_be_seen=tls is None and not _are_here(brokers)),
    )
    if settings.in_sync and settings.replicas and settings.in_sync > settings.replicas:
        fact = f"`in_sync` is more than the {settings.replicas} replicas: nothing could be written"
        own.faults.refuse(own.place_of("in_sync"), fact, "write fewer")
    inputs = _inputs(own, settings.group)
    own.close()
    return settings if inputs is None else KafkaSettings(**{**vars(settings), "inputs": inputs})


def _brokers(own: Part) -> Iterator[str]:
    for text in own.words("brokers"):
        found = BROKER.fullmatch(text.text)
        if found is None or not 0 < int(found[2] or PORT) < 65536:
            own.faults.refuse(text.place, f"'{text.text}' is no broker", "write HOST:PORT, such as kafka-1.example.com:9092")
        else:
            yield f"{found[1]}:{found[2] or PORT}"


def _are_here(brokers: tuple[str, ...]) -> bool:
    return all(is_loopback(each.rpartition(":")[0].strip("[]")) for each in brokers)


def _inputs(own: Part, group: str) -> tuple[Input, ...] | None:
    topics = own.part("topics")
    if topics is None:
        return None
    return tuple(each for topic in topics.entries if (each := _input(topics, topic, group)) is not None)


def _input(topics: Part, topic: str, group: str) -> Input | None:
    place, own = topics.place_of(topic), topics.part(topic)
    if own is None:
        return None
    if not TOPIC_NAME.fullmatch(topic) or topic.strip(".") == "" or topic.startswith(f"{group}."):
        remedy = f"write letters, digits, dots, lines; names with `{group}.` are ours"
        own.faults.refuse(place, f"`{topic}` cannot be an input", remedy)
    own.need("carries", "write the event types that it carries, or their nouns, such as [order, payment]")
    carries = own.words("carries")
    for each in carries:
        if CARRIED.fullmatch(each.text) is None:
            own.faults.refuse(each.place, f"'{each.text}' is no event type", "write such as order, or order.placed")
    read = Input(topic, tuple(each.text for each in carries), own.text("mapping") or None)
    own.close()
    return read


def _topic_name(own: Part, found: Text | None) -> str | None:
    if found is None or TOPIC_NAME.fullmatch(found.text):
        return found.text if found else None
    fact = f"'{found.text}' is no name that Kafka takes"
    own.faults.refuse(found.place, fact, "write letters, digits, dots and lines")
    return None


def _tls(own: Part) -> Tls | None:
    part = own.part("tls")
    if part is None:
        return None
    tls = Tls(read_file(part, "ca_file"), read_file(part, "cert_file"), read_file(part, "key_file"))
    if (tls.certificate is None) is not (tls.key is None):
        fact = "a certificate and its key belong together"
        part.faults.refuse(part.place, fact, "write `cert_file` and `key_file`, or neither")
    part.close()
    return tls


def _login(own: Part, *, may_be_seen: bool) -> Login | None:
    part = own.part("sasl")
    if part is None:
        return None
    part.need("mechanism", f"write one of {', '.join(MECHANISMS)}")
    part.need("user", "write as whom we log in")
    word, user, password = part.word("mechanism", MECHANISMS, ""), part.text("user"), read_secret(part, "password", *SASL)
    if password is None:
        part.faults.refuse(part.place, "there is no password", f"write `password_file`, or set {variable(*SASL, 'password')}")
    if not part.flag("allow_unencrypted") and may_be_seen and word == "plain":
        fact = "the password would travel in the open"
        part.faults.refuse(part.place_of("mechanism"), fact, "write `tls`, or one of scram, or add `allow_unencrypted: true`")
    part.close()
    mechanism = next((each for each in MECHANISMS if each == word), MECHANISMS[0])
    return Login(mechanism, user, password or Secret())
