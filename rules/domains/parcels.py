"""Parcels and their deliveries, from the shipment's creation to the customer's door."""

from pydantic import Field

from rules.domains.happened import CustomerId, Day, Decimal, Happened, Instant, OrderId, ParcelId, Text


class OfParcel(Happened):
    """Something that happened to a parcel, and so to its order, where that is known."""

    cases = {"parcel": "parcel_id", "order": "order_id"}
    label = "parcel_id"

    parcel_id: ParcelId
    order_id: OrderId | None = None
    customer_id: CustomerId


class ShipmentCreated(OfParcel):
    """A shipment was made: the parcel exists."""

    event = "shipment.created"


class ShipmentPlanned(OfParcel):
    """It is known when the parcel should be handed to the carrier."""

    event = "shipment.planned"

    hand_over_by: Instant = Field(description="when the carrier should have it", examples=["2026-03-03T09:00:00Z"])


class ShipmentHandedOver(OfParcel):
    """The carrier has the parcel."""

    event = "shipment.handed_over"

    carrier: Text = Field(description="who carries it", examples=["Blue Van"])
    handed_at: Instant | None = Field(None, description="when the carrier says that it took it")


class ShipmentRerouted(OfParcel):
    """The parcel takes another way."""

    event = "shipment.rerouted"

    reason: Text | None = Field(None, description="why, in words for the customer")


class DeliveryPromised(OfParcel):
    """We told the customer a day of delivery."""

    event = "delivery.promised"

    promised_day: Day = Field(description="the day that we promised", examples=["2026-03-05"])
    zone: Text | None = Field(None, description="the time zone of the day")


class DeliverySlotted(OfParcel):
    """The customer was given a slot of hours."""

    event = "delivery.slotted"

    slot_begins: Instant | None = Field(None, description="when the slot begins")
    slot_ends: Instant = Field(description="when the slot ends", examples=["2026-03-03T09:00:00Z"])


class DeliveryEta(OfParcel):
    """The carrier, or our model, expects the parcel on a day."""

    event = "delivery.eta"

    day: Day | None = Field(None, description="the day that is expected now")
    zone: Text | None = Field(None, description="the time zone of the day")
    p_late: Decimal | None = Field(None, description="how likely it is late, from 0 to 1")


class DeliveryScanned(OfParcel):
    """The parcel was seen somewhere."""

    event = "delivery.scanned"

    place: Text | None = Field(None, description="where, in words for the customer")


class DeliveryAttempted(OfParcel):
    """The carrier was at the door."""

    event = "delivery.attempted"

    outcome: Text = Field(description="what came of it, in words for the customer", examples=["nobody home"])
    next_day: Day | None = Field(None, description="when the carrier comes again")
    zone: Text | None = Field(None, description="the time zone of the day")
    pick_up_at: Text | None = Field(None, description="where it can be fetched instead")


class DeliveryException(OfParcel):
    """Something holds the parcel up: customs, an address that is not found, damage."""

    event = "delivery.exception"

    kind: Text = Field(description="customs, address, damage, weather, or another word", examples=["customs"])
    reason: Text | None = Field(None, description="what, in words for the customer")
    act_by: Instant | None = Field(None, description="until when the customer can do something about it")


class DeliveryReleased(OfParcel):
    """What held the parcel up is over."""

    event = "delivery.released"


class DeliveryDelivered(OfParcel):
    """The customer has the parcel, or a neighbour."""

    event = "delivery.delivered"

    received_by: Text | None = Field(None, description="who took it")


class ParcelReturned(OfParcel):
    """The parcel is on its way back to us."""

    event = "parcel.returned"

    reason: Text | None = Field(None, description="why, in words for the customer")


EVENTS: tuple[type[Happened], ...] = (
    *(ShipmentCreated, ShipmentPlanned, ShipmentHandedOver, ShipmentRerouted),
    *(DeliveryPromised, DeliverySlotted, DeliveryEta, DeliveryScanned, DeliveryAttempted),
    *(DeliveryException, DeliveryReleased, DeliveryDelivered, ParcelReturned),
)
