"""All that is heard of in a week of the shop, in the order in which it is heard."""

from collections.abc import Iterator
from random import Random
from typing import Any

from contracts.times import DAY, HOUR, MINUTE, instant_text, parse_instant, to_datetime
from streams.shop.life import Happening, Life
from streams.shop.parcels import parcel

STARTS = parse_instant("2026-03-02T06:00:00Z")
ENDS = STARTS + 7 * DAY
CUSTOMERS, ORDERS, ACCOUNTS = 60, 95, 16

ZONES = ("Europe/Berlin", "Europe/Berlin", "Europe/Berlin", "Europe/Lisbon", "America/New_York", "Asia/Tokyo")
NAMES = ("Ada", "Bruno", "Chiara", "Deniz", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Lena")
CHANNELS = ("email", "push, email", "sms, email", "")
REASONS = ("the card was declined", "the account had too little on it", "the card has expired")


def week(chance: Random) -> list[Happening]:
    """Return all that is heard of in the week, in the order in which it is heard."""
    people = [person(number, chance) for number in range(1, CUSTOMERS + 1)]
    lives = [*(introduced(each, chance) for each in people)]
    lives += [order(f"O{1000 + number}", chance.choice(people), chance) for number in range(ORDERS)]
    lives += [account(f"A{100 + number}", who, chance) for number, who in enumerate(people[:ACCOUNTS])]
    told = [happening for life in lives for happening in life.told if happening.heard < ENDS]
    return sorted(told, key=lambda each: each.heard)


def person(number: int, chance: Random) -> dict[str, str]:
    name = chance.choice(NAMES)
    profile = {
        "customer_id": f"C{number}",
        "name": name,
        "language": "en",
        "zone": chance.choice(ZONES),
        "email": f"{name.lower()}{number}@example.com",
        "phone": f"+1 202 555 01{number:02}",
        "channels": chance.choice(CHANNELS),
        "objects_to": "digest" if chance.random() < 0.05 else "",
    }
    return {field: value for field, value in profile.items() if value}


def introduced(profile: dict[str, str], chance: Random) -> Life:
    life = Life(chance, profile)
    life.tell(STARTS, "customer.updated")
    return life


def order(name: str, who: dict[str, str], chance: Random) -> Life:
    """An order is paid at once and travels as a parcel, or its payment fails, again and perhaps for good."""
    life = Life(chance, {"order_id": name, "customer_id": who["customer_id"]})
    price, placed = chance.randint(900, 15900), STARTS + life.between(10 * MINUTE, 3 * DAY)
    amount: dict[str, Any] = {"amount": price / 100}
    life.tell(placed, "order.placed", **amount, items=chance.randint(1, 4))
    life.tell(placed + 4 * MINUTE, "order.confirmed")
    paid = placed + life.between(MINUTE, 20 * MINUTE)
    if chance.random() < 0.17:
        failing(life, paid, price)
    else:
        life.tell(paid, "payment.succeeded", **amount)
        parcel(life, f"P{name[1:]}", who["zone"], paid)
    return life


def failing(life: Life, time: int, price: int) -> None:
    """A payment fails one to three times, a day apart; then it goes through, or the order is cancelled."""
    reason, tries = life.chance.choice(REASONS), life.chance.randint(1, 3)
    money: dict[str, Any] = {"amount": price / 100, "due": {"amount": f"{price // 100}.{price % 100:02}", "currency": "EUR"}}
    last_day = to_datetime(time + 4 * DAY).date().isoformat()
    for attempt in range(1, tries + 1):
        next_try = instant_text(time + DAY) if attempt < 3 else None
        life.tell(time, "payment.failed", **money, reason=reason, attempt=attempt, next_try=next_try, last_day=last_day)
        time += DAY - life.between(0, 30 * MINUTE)
    if tries < 3 or life.chance.random() < 0.5:
        life.tell(time, "payment.succeeded", amount=price / 100)
    else:
        life.tell(time, "order.cancelled", reason="it was not paid")


def account(name: str, who: dict[str, str], chance: Random) -> Life:
    """A week's allowance, and what is used of it: mostly little, by some nearly all; some top it up."""
    life = Life(chance, {"account_id": name, "customer_id": who["customer_id"]})
    life.tell(STARTS, "allowance.granted", quota=10.0, unit="GB", ends_at=instant_text(ENDS))
    heavy, used = chance.random() < 0.4, 0.0
    for time in moments(life, STARTS + HOUR, ENDS, between=(2 * HOUR, 5 * HOUR)):
        amount = round(chance.uniform(0.1, 0.6 if heavy else 0.2), 2)
        life.tell(time, "usage.recorded", amount=amount, metric="data")
        used += amount
        if used > 9.7 and heavy:
            life.tell(time + 3 * HOUR, "allowance.topped_up", amount=5.0)
            used -= 5.0
    return life


def moments(life: Life, begins: int, ends: int, *, between: tuple[int, int]) -> Iterator[int]:
    while begins < ends:
        yield begins
        begins += life.between(*between)
