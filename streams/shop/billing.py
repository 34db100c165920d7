"""Subscriptions that renew or lapse, cards that expire, and money that is given back, or should have been."""

from datetime import date, timedelta

from contracts.times import DAY, HOUR, MINUTE
from streams.shop import causes
from streams.shop.days import STARTS, at, day_of
from streams.shop.life import Life
from streams.shop.orders import failing, money

END_OF_MONTH = date(2026, 3, 31)


def subscription(life: Life, name: str) -> None:
    """It renews in this week, or its card expires before it does."""
    life.data = {**life.data, "subscription_id": name}
    if life.happens(0.4):
        expiring_card(life, name)
    else:
        renewal(life, name, STARTS + life.between(0, 6 * DAY))


def renewal(life: Life, name: str, time: int) -> None:
    """Its next month is paid, at once, at a later try, or not: then it lapses. The month that is billed counts as an order."""
    price = life.chance.choice((499, 999, 1999))
    month = f"{name}-2026-04"
    if life.happens(0.15):
        if (paid := failing(life, f"order/{month}", time, price, order_id=month)) is None:
            lapsed(life, name, time + 3 * DAY)
            return
        time = paid
    else:
        life.tell(time, "payment.succeeded", amount=price / 100, paid=money(price), order_id=month)
    life.tell(
        time + MINUTE, "subscription.renewed", renews_on=day_of(time + 30 * DAY, life.who.zone).isoformat(), zone=life.who.zone
    )


def expiring_card(life: Life, name: str) -> None:
    """The card's last day is the end of the month; some give another card in time, for others the subscription lapses."""
    noticed = STARTS + life.between(HOUR, 3 * DAY)
    renews = at(END_OF_MONTH + timedelta(days=life.chance.randint(1, 17)), 60, life.who.zone)
    life.tell(
        noticed,
        "card.expiring",
        expires_on=END_OF_MONTH.isoformat(),
        renews_on=day_of(renews, life.who.zone).isoformat(),
        zone=life.who.zone,
        card=f"{life.chance.randint(0, 9999):04}",
    )
    if life.happens(0.45):
        renewed = noticed + life.between(6 * HOUR, 4 * DAY)
        life.tell(renewed, "card.updated", expires_on="2029-03-31", zone=life.who.zone)
        life.trouble(causes.LAPSED, f"subscription/{name}", begins=noticed, felt=renews, ends=min(renewed, renews))
    else:
        lapsed(life, name, renews, begins=noticed)


def lapsed(life: Life, name: str, time: int, *, begins: int | None = None) -> None:
    life.tell(time, "subscription.ended")
    month = f"order/{name}-2026-04"
    life.trouble(causes.LAPSED, f"subscription/{name}", month, begins=begins or time, felt=time, ends=None)


def refund(life: Life, name: str, order: str) -> None:
    """Money for an order of last week is promised for a day: most have it by then, or we only do not hear of it."""
    promised_at = STARTS + life.between(HOUR, 4 * DAY)
    promised = day_of(promised_at, life.who.zone) + timedelta(days=life.chance.randint(1, 3))
    life.data = {**life.data, "refund_id": name, "order_id": order}
    amount = money(life.chance.randint(500, 9000))
    life.tell(promised_at, "refund.promised", promised_day=promised.isoformat(), zone=life.who.zone, amount=amount)
    paid, ends = at(promised, life.chance.randint(8 * 60, 17 * 60), life.who.zone), at(promised, 23 * 60, life.who.zone) + HOUR
    fate = life.chance.random()
    if fate < 0.25:
        paid += life.between(DAY, 4 * DAY)
        life.trouble(causes.REFUND, f"refund/{name}", f"order/{order}", begins=promised_at, felt=ends, ends=paid)
    elif fate > 0.92:
        life.seemed(f"refund/{name}", "the bank told us late that it was paid")
    life.tell(paid, "refund.paid", amount=amount, late_by=20 * HOUR if fate > 0.92 else 0)
