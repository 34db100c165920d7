"""What customers use: a week's data on their phones, of which some have too little, and the power that a meter counts."""

from collections.abc import Iterator

from contracts.times import DAY, HOUR, instant_text
from streams.shop import causes
from streams.shop.days import ENDS, STARTS
from streams.shop.life import Life

QUOTA = 10.0
USES = 18


def phone(life: Life, name: str) -> None:
    """A week's allowance, and what is used of it: mostly little, by some nearly all or more; some buy more in time."""
    life.data = {**life.data, "account_id": name}
    granted = STARTS + life.between(0, 12 * HOUR)
    life.tell(granted, "allowance.granted", quota=QUOTA, unit="GB", ends_at=instant_text(granted + 7 * DAY))
    pace = QUOTA * min(2.2, 0.6 * life.chance.lognormvariate(0, 0.5)) / USES
    left, far_sighted, warned = QUOTA, life.happens(0.3), None
    for time in moments(life, granted + HOUR, granted + 7 * DAY, between=(6 * HOUR, 12 * HOUR)):
        amount = round(min(left, life.chance.uniform(0.3, 1.7) * pace), 2)
        left = round(left - amount, 2)
        life.tell(time, "usage.recorded", amount=amount, metric="data")
        if left <= 0.3 * QUOTA and warned is None:
            warned = time
        if warned is not None and left < 0.1 * QUOTA and far_sighted:
            more(life, name, warned, time + HOUR, felt=ENDS)
            return
        if left <= 0:
            more(life, name, warned or time, time + life.between(10 * HOUR, 30 * HOUR), felt=time)
            return
    if warned is not None:
        life.seemed(f"account/{name}", "it lasted to its end all the same")


def more(life: Life, name: str, begins: int, bought: int, *, felt: int) -> None:
    """The customer buys more data, before or after it has run out, and needs no more than that."""
    life.trouble(causes.RAN_OUT, f"account/{name}", begins=begins, felt=felt, ends=bought)
    life.tell(bought, "allowance.topped_up", amount=5.0)
    for time in moments(life, bought + HOUR, ENDS, between=(6 * HOUR, 12 * HOUR)):
        life.tell(time, "usage.recorded", amount=round(life.chance.uniform(0.05, 0.2), 2), metric="data")


def meter(life: Life, name: str) -> None:
    """Four readings a day; in few houses something leaks or burns for days, in others there is only a full house for a day."""
    life.data = {**life.data, "account_id": f"H{name[1:]}", "meter_id": name}
    usual, fate = life.chance.uniform(1, 4), life.chance.random()
    begins = STARTS + life.between(70 * HOUR, 100 * HOUR)
    ends = begins + (life.between(30 * HOUR, 60 * HOUR) if fate < 0.1 else life.between(14 * HOUR, 20 * HOUR))
    factor = life.chance.uniform(6, 12) if fate < 0.1 else life.chance.uniform(3, 7) if fate > 0.9 else 1.0
    if fate < 0.1:
        life.trouble(causes.RAN_AWAY, f"meter/{name}", f"account/H{name[1:]}", begins=begins, felt=begins + 12 * HOUR, ends=ends)
    elif fate > 0.9:
        life.seemed(f"meter/{name}", "the house was full of guests")
    for time in moments(life, STARTS + life.between(0, 6 * HOUR), ENDS, between=(6 * HOUR, 6 * HOUR)):
        amount = usual * life.chance.uniform(0.7, 1.3) * (factor if begins <= time < ends else 1.0)
        life.tell(time, "usage.recorded", amount=round(amount, 2), metric="power", late_by=9 * HOUR if life.happens(0.03) else 0)


def moments(life: Life, begins: int, ends: int, *, between: tuple[int, int]) -> Iterator[int]:
    while begins < min(ends, ENDS):
        yield begins
        begins += life.between(*between)
