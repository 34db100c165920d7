"""What many would write: a pydantic model for each event, a dictionary for the orders."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from benchmarks.contestants.contestant import Contestant, Found
from benchmarks.peers.three_rules import Order


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)  # else a number would do as a time


class Of(Strict):
    order_id: str
    customer_id: str


class Forecast(Of):
    chance_late: float


class Event(Strict):
    id: str
    source: str
    time: datetime
    data: Of


class Placed(Event):
    type: Literal["order.placed"]


class HandedOver(Event):
    type: Literal["order.handed_over"]


class Failed(Event):
    type: Literal["payment.failed"]


class Expected(Event):
    type: Literal["delivery.eta"]
    data: Forecast


class Other(Event):
    type: Literal[
        "order.confirmed",
        "order.completed",
        "payment.succeeded",
        "charge.made",
        "parcel.scanned",
        "delivery.promised",
        "delivery.attempted",
    ]


Known: TypeAlias = Annotated[Placed | HandedOver | Failed | Expected | Other, Field(discriminator="type")]


class ByHand(Contestant):
    def __init__(self, folder: Path) -> None:
        self._adapter: TypeAdapter[Known] = TypeAdapter(Known)
        self._orders: defaultdict[str, Order] = defaultdict(Order)
        self._found: Found = set()

    def take(self, lines: Sequence[bytes]) -> None:
        end = None
        for raw in lines:
            try:
                event = self._adapter.validate_json(raw)
            except ValidationError:
                continue
            end = event.time if end is None or event.time > end else end
            self._see(event)
        if end is not None:
            self._found |= {("not-handed-over", key) for key, order in self._orders.items() if order.is_overdue(end)}

    def _see(self, event: Known) -> None:
        key = event.data.order_id
        order = self._orders[key]
        match event:
            case Expected():
                if order.expects(event.time, event.data.chance_late):
                    self._found.add(("likely-late", key))
            case Failed():
                if order.fails(event.id, event.time):
                    self._found.add(("payments-fail", key))
            case Placed():
                order.is_placed(event.time)
            case HandedOver():
                order.is_handed_over(event.time)
            case Other():
                pass

    def found(self) -> Found:
        return self._found
