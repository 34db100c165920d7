"""Customers: who they are and how they wish to hear from us, and what they complain of."""

from pydantic import Field

from rules.domains.happened import CustomerId, Happened, Id, OrderId, ParcelId, Text, Words


class OfCustomer(Happened):
    """Something that a customer did, or that is now known of one."""

    cases = {"customer": "customer_id"}
    label = "customer_id"


class CustomerUpdated(OfCustomer):
    """The customer's profile: each field that it carries is the newest from now on."""

    event = "customer.updated"

    customer_id: CustomerId
    name: Text | None = Field(None, description="how we address them")
    language: Text | None = Field(None, description="such as en or de-AT")
    zone: Text | None = Field(None, description="the time zone where they live, such as Europe/Berlin")
    email: Text | None = Field(None, description="their address for mail")
    phone: Text | None = Field(None, description="their number for text messages")
    channels: Words | None = Field(None, description="how they wish to hear from us, in their order, such as push, email")
    objects_to: Words | None = Field(None, description="names of rules or classes of which they do not want to hear")
    agrees_to: Words | None = Field(None, description="classes to which they agreed, such as marketing")
    quiet_from: Text | None = Field(None, description="when their quiet hours begin, such as 21:00")
    quiet_until: Text | None = Field(None, description="when their quiet hours end, such as 08:00")
    city: Text | None = Field(None, description="where they live")


class CustomerVisited(OfCustomer):
    """The customer was on our site or in our app."""

    event = "customer.visited"

    customer_id: CustomerId = Field(examples=["C9"])


class CustomerLeft(OfCustomer):
    """The customer is none any more."""

    event = "customer.left"

    customer_id: CustomerId


class OfComplaint(Happened):
    """A complaint of a customer, about a parcel or an order where it names one, and a case of its own where it has a number."""

    cases = {"customer": "customer_id", "parcel": "parcel_id", "order": "order_id", "complaint": "complaint_id"}
    label = "customer_id"

    customer_id: CustomerId
    parcel_id: ParcelId | None = None
    order_id: OrderId | None = None
    complaint_id: Id | None = Field(None, description="the complaint's own number")


class ComplaintRaised(OfComplaint):
    """The customer complained."""

    event = "complaint.raised"

    about: Text | None = Field(None, description="what of, in a few words")


class ComplaintAnswered(OfComplaint):
    """A person answered the complaint."""

    event = "complaint.answered"


class ComplaintResolved(OfComplaint):
    """The complaint is settled."""

    event = "complaint.resolved"


EVENTS: tuple[type[Happened], ...] = (
    *(CustomerUpdated, CustomerVisited, CustomerLeft),
    *(ComplaintRaised, ComplaintAnswered, ComplaintResolved),
)
