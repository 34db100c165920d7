"""Memories as older versions packed them, with the rules and the events that they are of."""

from base64 import b64decode

from contracts.times import parse_instant
from rules.compiler import RuleSet, compile_rules
from rules.loader import read_rule
from tests.oracle.catalogue import Plain
from tests.oracle.traces import SEMANTICS, read
from tests.rules.core_run import CATALOGUE, CHOICES, CoreRun

MESSAGE = """
message:
  what: {may be late: Your parcel may be late., is late: Your parcel is late.}
  effect: We do not know yet what this changes for you.
  why: We do not know the cause yet.
  sorry: We are sorry.
  doing: We are looking into it.
  you_need_to: nothing
  choices: []
  cleared: It moves again.
  solved: It is here.
"""
LATE_PARCEL = """
rule: late-parcel
title: A parcel will miss its day
watch: parcel
from: shipment.created
until: {solved: delivery.delivered}
facts:
  promised: delivery.promised.promised_day
  slot: delivery.slotted.slot_ends
  chance: delivery.eta.p_late
  place: delivery.scanned.place
detect:
  silent: {silence: delivery.scanned, after: shipment.handed_over, longer_than: 30d, says: may be late}
  often:
    when: count(delivery.attempted, 30d) >= 1 and count(delivery.scanned, since shipment.handed_over) >= 1
    says: may be late
  soon: {when: "slot - now < 4h and chance > 0.1", for: 10m, says: may be late}
  back: {sequence: [delivery.scanned, delivery.attempted, shipment.rerouted], within: 9d, says: may be late}
  over: {expect: delivery.delivered, by: promised, says: is late}
"""
LOST_PARCEL = """
rule: lost-parcel
title: A parcel is lost
watch: parcel
from: shipment.handed_over
detect:
  lost: {expect: delivery.scanned, within: 20d, of: delivery.scanned, says: may be late}
"""
STORY = (
    ("shipment.created", "2026-03-02T09:00:00Z", {}),
    ("delivery.promised", "2026-03-02T09:10:00Z", {"promised_day": "2026-03-04", "zone": "Europe/Berlin"}),
    ("delivery.slotted", "2026-03-02T09:20:00Z", {"slot_ends": "2026-03-20T12:00:00Z"}),
    ("delivery.eta", "2026-03-02T09:30:00Z", {"p_late": 0.25}),
    ("shipment.handed_over", "2026-03-02T10:00:00Z", {"carrier": "Blue Van"}),
    ("delivery.scanned", "2026-03-02T11:00:00Z", {"place": "Köln"}),
    ("delivery.attempted", "2026-03-03T10:00:00Z", {"outcome": "nobody home"}),
    ("delivery.scanned", "2026-03-05T11:00:00Z", {"place": "Bonn"}),
)
EVENTS: list[Plain] = [
    {
        "id": f"e{number}",
        "source": "/shop",
        "type": event_type,
        "time": parse_instant(time),
        "data": {"parcel_id": "P1", "customer_id": "C1", **data},
    }
    for number, (event_type, time, data) in enumerate(STORY)
]

WAY_3 = b64decode(
    """
    kwOXzwAGTETWeOwAxEDZIj/fG+ilJAokPdbR3fayQlpWBJC8hDx+nzJloKStsieUYTdDAKhoumOGS4JpZqZlu9fSHb3FRA9KKd98PmHtokMxlKJlN6Uvc2hv
    cLBkZWxpdmVyeS5zY2FubmVkzwAGTETWeOwAwgDPAAZNcBmDrgDeABIAlJOqMjAyNi0wMy0wNK1FdXJvcGUvQmVybGluzwAGTDrHjTwAomUxpS9zaG9wzwAG
    TAbzjsoAAZTPAAZNc2yrMACiZTKlL3Nob3DPAAZMBxdSEAAClMs/0AAAAAAAAKJlM6Uvc2hvcM8ABkwHOxVWAAOUpEJvbm6iZTelL3Nob3DPAAZMRNZ47AAF
    k6JlNKUvc2hvcM8ABkwHpl8oAAaTomU3pS9zaG9wzwAGTETWeOwAB5OiZTalL3Nob3DPAAZMG8Q2iAAJmJHPAAZMG8Q2iADECGW719IdvcVEkcDA04AAAAAA
    AAAAAM8AAAAJbfz1AJAKmJLPAAZMCHzyzADPAAZMRNZ47ADEELpjhkuCaWamD0op33w+Ye2SwMDPAAZMB6ZfKADTgAAAAAAAAAAAzgAPQkCQC5PPAAZMBs/L
    hADAAAyTzwAGTAemXygAwAANmM8ABkwGz8uEAAEBzwAGTBvENogABAAEgahwcm9taXNlZJKTqjIwMjYtMDMtMDStRXVyb3BlL0Jlcmxpbs8ABkw6x408AJSi
    ZTGlL3Nob3CxZGVsaXZlcnkucHJvbWlzZWTPAAZMBvOOygAOmM8ABkxE1njsAMPCzwAGTqBVtiwAzwAGTqBc3ToAwAAAD5zDzwAGTETWeOwAwsPAwMDPAAZM
    RNZ46//PAAZOd0NzyADPAAZOd0qa1gDPAAZMRNZ47ADPAAZOd0qa1gAQnMLPAAZMBzsVVgDCwsDAwM8ABkwHOxVV/88ABk1wElygAM8ABk1wGYOuAM8ABkwH
    OxVWAM8ABk1wGYOuABGXkpKTzwAGTETWeOwAzwAGTETWeOwAzw9KKd98PmHtk88ABkwIfPLMAM8ABkwIfPLMANO6Y4ZLgmlmppGTzwAGTAh88swAzwAGTBvE
    NogAz2W719IdvcVEAADCwMAAEpjAwMPAwMDPAAZMOseNPADPAAZMBs/LhAAUmM8ABkxE1njsAM8ABkxE1njsAMLAwMAAAA==
    """
)
"""What was packed of the story before way 4: by place in the layout, as far as there is something to say."""


def rules_of(*texts: str) -> RuleSet:
    return compile_rules([read_rule(text + MESSAGE, "rules/trace.yaml", CATALOGUE, choices=CHOICES) for text in texts], CATALOGUE)


def lived(rules: RuleSet) -> CoreRun:
    """Return a run of the story, up to its last event."""
    run = CoreRun(rules, read(SEMANTICS / "events.yaml"), "UTC")
    for event in map(run.event, EVENTS):
        run.w = event.time
        list(run.apply(event, event.time))
        list(run.fire())
    return run
