"""Orders, their items, and how they are paid: also subscriptions, refunds and cards."""

from pydantic import Field

from rules.domains.happened import (
    CustomerId,
    Day,
    Decimal,
    Happened,
    Id,
    Instant,
    Integer,
    Money,
    OrderId,
    ParcelId,
    SubscriptionId,
    Text,
)


class OrderPlaced(Happened):
    """A customer placed an order."""

    event = "order.placed"
    cases = {"order": "order_id", "customer": "customer_id"}
    label = "order_id"

    order_id: OrderId
    customer_id: CustomerId
    amount: Decimal | None = Field(None, description="what it costs, in the shop's currency")
    total: Money | None = Field(None, description="what it costs")
    items: Integer | None = Field(None, description="how many items it has")


class OrderConfirmed(Happened):
    """We told the customer that we take the order."""

    event = "order.confirmed"
    cases = {"order": "order_id"}
    label = "order_id"

    order_id: OrderId
    customer_id: CustomerId


class OrderDispatched(Happened):
    """All of the order left the house."""

    event = "order.dispatched"
    cases = {"order": "order_id"}
    label = "order_id"

    order_id: OrderId
    customer_id: CustomerId


class OrderCompleted(Happened):
    """The customer has all of the order."""

    event = "order.completed"
    cases = {"order": "order_id"}
    label = "order_id"

    order_id: OrderId
    customer_id: CustomerId


class OrderCancelled(Happened):
    """The order is cancelled, and what of it was on its way."""

    event = "order.cancelled"
    cases = {"order": "order_id", "parcel": "parcel_id"}
    label = "order_id"

    order_id: OrderId
    parcel_id: ParcelId | None = None
    customer_id: CustomerId
    reason: Text | None = Field(None, description="why, in words for the customer")


class ItemAllocated(Happened):
    """An item of the order is set aside for it."""

    event = "item.allocated"
    cases = {"order": "order_id"}
    label = "order_id"

    order_id: OrderId
    item_id: Id = Field(description="the item", examples=["I1"])
    customer_id: CustomerId
    ship_by: Instant | None = Field(None, description="when it should leave the house")


class ItemBackordered(Happened):
    """An item of the order is not in stock."""

    event = "item.backordered"
    cases = {"order": "order_id"}
    label = "order_id"

    order_id: OrderId
    item_id: Id = Field(description="the item", examples=["I1"])
    customer_id: CustomerId
    expected_day: Day | None = Field(None, description="when we expect it in stock")
    zone: Text | None = Field(None, description="the time zone of the day")


class PaymentFailed(Happened):
    """A payment was tried and did not go through; the period of a subscription that is billed counts as an order."""

    event = "payment.failed"
    cases = {"order": "order_id", "subscription": "subscription_id", "customer": "customer_id"}
    label = "order_id"

    order_id: OrderId
    subscription_id: SubscriptionId | None = None
    customer_id: CustomerId
    amount: Decimal = Field(description="what was to be paid, in the shop's currency", examples=["20.0"])
    due: Money | None = Field(None, description="what was to be paid")
    reason: Text | None = Field(None, description="why, in words for the customer")
    card: Text | None = Field(None, description="the last digits of the card")
    attempt: Integer | None = Field(None, description="how often it was tried, this time counted")
    next_try: Instant | None = Field(None, description="when it will be tried again")
    last_day: Day | None = Field(None, description="the last day on which it can be paid")
    zone: Text | None = Field(None, description="the time zone of the day")


class PaymentSucceeded(Happened):
    """A payment went through."""

    event = "payment.succeeded"
    cases = {"order": "order_id", "subscription": "subscription_id", "customer": "customer_id"}
    label = "order_id"

    order_id: OrderId
    subscription_id: SubscriptionId | None = None
    customer_id: CustomerId
    amount: Decimal = Field(description="what was paid, in the shop's currency", examples=["20.0"])
    paid: Money | None = Field(None, description="what was paid")


class RefundPromised(Happened):
    """We promised to give money back by a day."""

    event = "refund.promised"
    cases = {"refund": "refund_id", "order": "order_id"}
    label = "order_id"

    refund_id: Id = Field(description="the refund it is about", examples=["R1"])
    order_id: OrderId
    customer_id: CustomerId
    promised_day: Day = Field(description="the day by which the money is back", examples=["2026-03-05"])
    zone: Text | None = Field(None, description="the time zone of the day")
    amount: Money | None = Field(None, description="how much is given back")


class RefundPaid(Happened):
    """The money of a refund was sent."""

    event = "refund.paid"
    cases = {"refund": "refund_id", "order": "order_id"}
    label = "order_id"

    refund_id: Id = Field(description="the refund it is about", examples=["R1"])
    order_id: OrderId
    customer_id: CustomerId
    amount: Money | None = Field(None, description="how much was given back")


class CardExpiring(Happened):
    """The card of a subscription expires before it renews."""

    event = "card.expiring"
    cases = {"subscription": "subscription_id", "customer": "customer_id"}
    label = "subscription_id"

    subscription_id: SubscriptionId
    customer_id: CustomerId
    expires_on: Day = Field(description="the card's last day", examples=["2026-03-31"])
    zone: Text | None = Field(None, description="the time zone of the days")
    renews_on: Day | None = Field(None, description="when the subscription renews")
    card: Text | None = Field(None, description="the last digits of the card")


class CardUpdated(Happened):
    """The customer gave a new card."""

    event = "card.updated"
    cases = {"subscription": "subscription_id", "customer": "customer_id"}
    label = "subscription_id"

    subscription_id: SubscriptionId
    customer_id: CustomerId
    expires_on: Day | None = Field(None, description="the new card's last day")
    zone: Text | None = Field(None, description="the time zone of the day")


class SubscriptionRenewed(Happened):
    """A subscription began its next period."""

    event = "subscription.renewed"
    cases = {"subscription": "subscription_id", "customer": "customer_id"}
    label = "subscription_id"

    subscription_id: SubscriptionId
    customer_id: CustomerId
    renews_on: Day | None = Field(None, description="when it renews next")
    zone: Text | None = Field(None, description="the time zone of the day")


class SubscriptionEnded(Happened):
    """A subscription is over."""

    event = "subscription.ended"
    cases = {"subscription": "subscription_id"}
    label = "subscription_id"

    subscription_id: SubscriptionId
    customer_id: CustomerId


EVENTS: tuple[type[Happened], ...] = (
    *(OrderPlaced, OrderConfirmed, OrderDispatched, OrderCompleted, OrderCancelled),
    *(ItemAllocated, ItemBackordered),
    *(PaymentFailed, PaymentSucceeded, RefundPromised, RefundPaid),
    *(CardExpiring, CardUpdated, SubscriptionRenewed, SubscriptionEnded),
)
