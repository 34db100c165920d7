"""What a project's tellfirst.yaml says, with what the environment puts before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from contracts.times import DAY, find_zone, length_text
from notifiers.channels.providers import Provider
from notifiers.composing import Sender
from notifiers.limits import Limits
from rules.model import Place, Written
from rules.plan import Forgetting
from rules.reading.part import Faults, Part, shape
from rules.reading.terms import LANGUAGE
from rules.yaml import List, Map, Node, Text
from streams.cache import MEBIBYTE
from streams.database import Database, read_database
from streams.kafka.settings import KafkaSettings, read_kafka
from streams.memories import ROOM
from streams.providers import OurPages, read_channels, read_pages
from streams.watermark import MAX_LEAP, SETTLE, SOURCE_DELAY

MOST = 1_000_000
FORGET = {"closed": (DAY, 90 * DAY), "silent": (7 * DAY, 365 * DAY), "stub": (DAY, 365 * DAY)}


@dataclass(frozen=True)
class SourceSettings:
    """Lengths in microseconds; what they mean: streams/watermark.py."""

    disorder: int = 0
    source_delay: int = SOURCE_DELAY
    settle: int = SETTLE
    max_leap: int = MAX_LEAP
    quiet_after: int | None = None

    @property
    def lag(self) -> int:
        """How long after it happened an event may be written to a topic, or come after later ones."""
        return max(self.source_delay, self.disorder)


@dataclass(frozen=True)
class CoreLimits:
    """batch: records in a transaction; waiting: taken in and not yet committed; breaker: absences of a rule in 10 minutes.

    cache: MiB for the memories of the cases that were used last.
    """

    batch: int = 1_000
    waiting: int = 10_000
    breaker: int | None = None
    cache: int = ROOM // MEBIBYTE

    @property
    def room(self) -> int:
        return self.cache * MEBIBYTE


@dataclass(frozen=True)
class ProjectSettings:
    """channels: those that have a provider of their own; what has none stands in the local outbox. sender: who speaks.

    pages: where ours are, None where there are none. database: where the store is, None for a file of this machine.
    kafka: None where events do not come by it.
    """

    language: str = "en"
    zone: ZoneInfo = ZoneInfo("UTC")
    desk: str = "desk"
    sender: Sender = Sender()
    sources: Mapping[str, SourceSettings] = field(default_factory=dict)
    channels: Mapping[str, Provider] = field(default_factory=dict)
    pages: OurPages | None = None
    database: Database | None = None
    kafka: KafkaSettings | None = None
    limits: Limits = Limits()
    core: CoreLimits = CoreLimits()
    forgetting: Forgetting = Forgetting()

    def source(self, *names: str) -> SourceSettings:
        """Return what is set for the first of these names that is set, else the defaults."""
        return next((self.sources[name] for name in names if name in self.sources), SourceSettings())


def read_settings(node: Node, faults: Faults, overrides: Mapping[str, Any] | None = None) -> ProjectSettings:
    """Read the file's tree; what is wrong goes to faults. overrides: settings that the environment names, which come first."""
    if not isinstance(node, Map):
        faults.refuse(node.place, f"the file is {shape(node)}", "write keys with values, such as `language: en`")
        return ProjectSettings()
    part = Part(_overlaid(node, overrides or {}), faults)
    limits, core = _limits(part)
    sender = _sender(part)
    forgetting = _forgetting(part)
    settings = ProjectSettings(
        language=_language(part),
        zone=_zone(part),
        desk=part.text("desk", "desk"),
        sender=sender,
        sources=_sources(part),
        channels=read_channels(part, speaker=sender.name),
        pages=read_pages(part),
        database=read_database(part),
        kafka=read_kafka(part),
        limits=limits,
        core=core,
        forgetting=forgetting,
    )
    part.close()
    return settings


def _language(part: Part) -> str:
    language = part.text("language", "en")
    if LANGUAGE.fullmatch(language) is None:
        part.faults.refuse(part.place_of("language"), f"'{language}' is not a language", "write such as en or de-AT")
        return "en"
    return language


def _zone(part: Part) -> ZoneInfo:
    name = part.text("zone", "UTC")
    zone = find_zone(name)
    if zone is None:
        part.faults.refuse(part.place_of("zone"), f"'{name}' is not a time zone", "write an IANA name such as Europe/Berlin")
    return zone or ZoneInfo("UTC")


def _sender(part: Part) -> Sender:
    own = part.part("sender")
    if own is None:
        return Sender()
    said = {name: found.text for name in Sender.__struct_fields__ if (found := own.scalar(name)) is not None}
    own.close()
    return Sender(**said)


def _sources(part: Part) -> Mapping[str, SourceSettings]:
    sources = part.part("sources")
    if sources is None:
        return {}
    return {name: _source(found) for name in sources.entries if (found := sources.part(name)) is not None}


def _source(part: Part) -> SourceSettings:
    usual = SourceSettings()
    read = {name: part.length(name, least=0) for name in ("disorder", "source_delay", "settle")}
    lengths = {name: length for name, length in read.items() if length is not None}
    leap, quiet_after = part.length("max_leap"), part.length("quiet_after")
    part.close()
    return SourceSettings(**lengths, max_leap=leap or usual.max_leap, quiet_after=quiet_after)


def _limits(part: Part) -> tuple[Limits, CoreLimits]:
    own = part.part("limits")
    if own is None:
        return Limits(), CoreLimits()
    counts = {name: own.count(name, most=MOST) for name in ("soon_per_window", "before_end", "updates", "news")}
    lengths = {name: own.length(name) for name in ("window", "customer_wait", "behind", "look_again", "late")}
    said: dict[str, Any] = {name: number for name, number in {**counts, **lengths}.items() if number is not None}
    cores = {name: own.count(name, most=MOST) for name in ("batch", "waiting", "breaker", "cache")}
    if (digest_at := _local_time(own, "digest_at")) is not None:
        said["digest_at"] = digest_at
    own.close()
    return Limits(**said), CoreLimits(**{name: number for name, number in cores.items() if number is not None})


def _forgetting(part: Part) -> Forgetting:
    own = part.part("forget")
    if own is None:
        return Forgetting()
    said = {name: length for name, (least, most) in FORGET.items() if (length := _within(own, name, least, most)) is not None}
    own.close()
    return Forgetting(**said)


def _within(part: Part, key: str, least: int, most: int) -> int | None:
    length = part.length(key)
    if length is None or least <= length <= most:
        return length
    remedy = f"write a length from {length_text(least)} to {length_text(most)}"
    part.faults.refuse(part.place_of(key), f"`{key}` is {length_text(length)}", remedy)
    return None


def _local_time(part: Part, key: str) -> time | None:
    found = part.scalar(key)
    if found is None:
        return None
    try:
        return time.fromisoformat(found.text)
    except ValueError:
        part.faults.refuse(found.place, f"'{found.text}' is not a time of day", "write such as 09:00")
        return None


def _overlaid(node: Map, overrides: Mapping[str, Any]) -> Map:
    """Return the mapping with what the overrides say in the place of what it says; of mappings within only what they name."""
    entries = {key.text: (key, value) for key, value in node.items}
    for name, said in overrides.items():
        place = Place(f"TELLFIRST_{name.upper()}", 1, 1)
        _, before = entries.get(name, (None, None))
        entries[name] = (_text(name, place), _merged(before, _node(said, place)))
    return Map(tuple(entries.values()), node.place)


def _merged(before: Node | None, after: Node) -> Node:
    if not (isinstance(before, Map) and isinstance(after, Map)):
        return after
    entries = {key.text: (key, value) for key, value in before.items}
    for key, value in after.items:
        own_key, own = entries.get(key.text, (key, None))
        entries[key.text] = (own_key, _merged(own, value))
    return Map(tuple(entries.values()), before.place)


def _node(said: Any, place: Place) -> Node:
    match said:
        case dict():
            return Map(tuple((_text(str(key), place), _node(value, place)) for key, value in said.items()), place)
        case list() | tuple():
            return List(tuple(_node(each, place) for each in said), place)
        case bool():
            return _text(str(said).lower(), place)
        case _:
            return _text(str(said), place)


def _text(text: str, place: Place) -> Text:
    return Text(Written(text, (place,)), bare=True, cut=False)
