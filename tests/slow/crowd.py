"""Customers of whom each has one parcel that stays somewhere, and a project that tells them so by mail, webhook and SMS."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from contracts.telling import Stage
from contracts.times import instant_text
from storage.sqlite import open_store
from tellfirst import clock
from tellfirst.cli.deciding import decide
from tellfirst.deciding.decisions import SetStage
from tests.notifiers.channels.mail_server import CERTIFICATE
from tests.slow.bad_providers import SECRET

AT_ONCE = 500
WISHES = (("email", "webhook"), ("webhook", "email"), ("email", "webhook"), ("webhook", "email"), ("sms", "email"))
RULE = """
rule: held-up
title: A parcel is held up
owner: tests
watch: parcel
from: delivery.scanned
until: delivery.delivered
facts: {place: delivery.scanned.place}
detect:
  at_customs: {when: place == "customs", says: may be late}
tell: {urgency: soon, channels: [email, webhook, sms]}
message:
  what:
    may be late: "Your parcel {{ case.label }} is held up and may be late."
  effect: "It may arrive a day later."
  why: "It lies at {{ place }}."
  doing: "We ask every day."
  you_need_to: nothing
  choices: []
  cleared: "Your parcel {{ case.label }} is on its way again."
  solved: "Your parcel {{ case.label }} has arrived."
"""
SETTINGS = """
sources: {{http: {{source_delay: 0s, settle: 0s}}}}
channels:
  email:
    {{kind: smtp, host: localhost, port: {mail}, tls: implicit, from: Shop <shop@example.com>, at_once: 32, {trust}}}
  webhook:
    {{kind: webhook, url: "https://localhost:{webhooks}/messages", secret_file: secret, allow_private: true, {trust}}}
  sms:
    {{kind: webhook, url: "https://localhost:{webhooks}/messages", secret_file: secret, allow_private: true, {trust}}}
"""
TRUST = f"ca_file: {CERTIFICATE}, wait_at_most: {{connect: 5s, answer: 1s, total: 20s}}"


def make_project(folder: Path, *, mail: int, webhooks: int) -> Path:
    """Make a project whose channels are these ports of this machine, and whose rule may speak."""
    (folder / "rules").mkdir(parents=True)
    (folder / "rules" / "held-up.yaml").write_text(RULE)
    (folder / "secret").write_text(SECRET)
    (folder / "tellfirst.yaml").write_text(SETTINGS.format(mail=mail, webhooks=webhooks, trust=TRUST))
    decide(folder, SetStage("held-up", Stage.LIVE))
    with closing(open_store(folder / "data")) as store:
        store.set_used_by("run")
    return folder


class Crowd:
    """Customers who want to hear at any hour, each on the channels in the order of its wish."""

    def __init__(self, customers: int) -> None:
        self.customers = [f"C{number}" for number in range(customers)]

    def wish(self, customer: str) -> Sequence[str]:
        return WISHES[int(customer[1:]) % len(WISHES)]

    def requests(self) -> Iterator[bytes]:
        """Yield what to send, all of it of this moment."""
        now = instant_text(clock.now())
        events = [event for customer in self.customers for event in self._events(customer, now)]
        for start in range(0, len(events), AT_ONCE):
            yield "\n".join(map(json.dumps, events[start : start + AT_ONCE])).encode()

    def _events(self, customer: str, now: str) -> Iterator[dict[str, Any]]:
        profile = {
            "customer_id": customer,
            "email": f"{customer}@example.com",
            "phone": f"+4915{customer[1:]:0>9}",
            "channels": self.wish(customer),
            "quiet_from": "00:00",
            "quiet_until": "00:00",
        }
        yield _event(f"{customer} profile", "customer.updated", now, profile)
        scan = {"parcel_id": f"P-{customer}", "customer_id": customer, "place": "customs"}
        yield _event(f"{customer} scan", "delivery.scanned", now, scan)


def _event(name: str, event_type: str, time: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"specversion": "1.0", "id": name, "source": "test", "type": event_type, "time": time, "data": data}
