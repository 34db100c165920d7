"""An order is placed, confirmed, paid and sent; or it is stuck, or its payment fails."""

from typing import Any

from contracts.times import DAY, HOUR, MINUTE, instant_text
from streams.shop import causes
from streams.shop.days import day_of
from streams.shop.life import Life
from streams.shop.parcels import parcel

FAILURES = (
    {"en": "the card was declined", "de": "die Karte wurde abgelehnt"},
    {"en": "the account had too little on it", "de": "das Konto war nicht gedeckt"},
    {"en": "the card has expired", "de": "die Karte ist abgelaufen"},
)
NOT_PAID = ({"en": "it was not paid", "de": "sie wurde nicht bezahlt"},)
MOST_TRIES = 3


def money(price: int) -> dict[str, str]:
    """Return an amount as events carry it. price: in cents."""
    return {"amount": f"{price // 100}.{price % 100:02}", "currency": "EUR"}


def order(life: Life, name: str, placed: int) -> None:
    """One in ten is paid at a later try or never; few are stuck before they go on."""
    life.data = {**life.data, "order_id": name}
    price = life.chance.randint(900, 15900)
    life.tell(placed, "order.placed", amount=price / 100, total=money(price), items=life.chance.randint(1, 4))
    paid: int | None = placed + life.between(MINUTE, 20 * MINUTE)
    if life.happens(0.09):
        life.tell(placed + 4 * MINUTE, "order.confirmed")
        paid = failing(life, f"order/{name}", placed + 2 * MINUTE, price)
    else:
        life.tell(placed + 3 * MINUTE, "payment.succeeded", amount=price / 100, paid=money(price))
        paid = confirmed(life, f"order/{name}", placed + 3 * MINUTE)
    if paid is not None:
        parcel(life, f"P{name[1:]}", name, paid)


def confirmed(life: Life, case: str, paid: int) -> int:
    """Tell of the confirmation, and return when the order can go on."""
    fate = life.chance.random()
    if fate < 0.035:
        goes_on = paid + life.between(5 * HOUR, 40 * HOUR)
        life.trouble(causes.STUCK, case, begins=paid, felt=paid + HOUR, ends=goes_on)
        life.tell(goes_on, "order.confirmed")
        return goes_on
    late_by = life.between(3 * HOUR, 12 * HOUR) if fate > 0.985 else 0
    if late_by:
        life.seemed(case, "its confirmation reached us late")
    life.tell(paid + MINUTE, "order.confirmed", late_by=late_by)
    return paid + MINUTE


def failing(life: Life, case: str, time: int, price: int, **data: Any) -> int | None:
    """A payment fails one to three times, a day apart; return when it goes through, or None when the order is cancelled."""
    first, tries, reason = time, life.chance.choice((1, 1, 2, 3)), life.one_of(FAILURES)
    last_day = day_of(time + 4 * DAY, life.who.zone).isoformat()
    for attempt in range(1, tries + 1):
        next_try = instant_text(time + DAY) if attempt < MOST_TRIES else None
        life.tell(
            time,
            "payment.failed",
            amount=price / 100,
            due=money(price),
            reason=reason,
            attempt=attempt,
            next_try=next_try,
            last_day=last_day,
            zone=life.who.zone,
            **data,
        )
        time += DAY - life.between(0, 30 * MINUTE)
    paid = tries < MOST_TRIES or life.happens(0.4)
    life.trouble(causes.UNPAID, case, begins=first, felt=first + DAY, ends=time if paid else None)
    if paid:
        life.tell(time, "payment.succeeded", amount=price / 100, paid=money(price), **data)
        return time
    life.tell(time, "order.cancelled", reason=life.one_of(NOT_PAID))
    return None
