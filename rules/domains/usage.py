"""What customers use of what they may use: accounts, their allowances and their meters."""

from pydantic import Field

from rules.domains.happened import AccountId, CustomerId, Decimal, Happened, Id, Instant, Text


class OfAccount(Happened):
    """Something that happened to an account."""

    cases = {"account": "account_id"}
    label = "account_id"

    account_id: AccountId
    customer_id: CustomerId


class AllowanceGranted(OfAccount):
    """A new period began: so much may be used in it."""

    event = "allowance.granted"

    quota: Decimal = Field(description="how much may be used in the period", examples=["100.0"])
    unit: Text | None = Field(None, description="of the quota, such as GB")
    ends_at: Instant | None = Field(None, description="when the period ends")


class AllowanceToppedUp(OfAccount):
    """The customer may use more in this period."""

    event = "allowance.topped_up"

    amount: Decimal | None = Field(None, description="how much more")
    quota: Decimal | None = Field(None, description="how much may be used in the period now")


class UsageRecorded(OfAccount):
    """Some of it was used."""

    event = "usage.recorded"
    cases = {"account": "account_id", "meter": "meter_id"}

    amount: Decimal = Field(description="how much was used", examples=["1.0"])
    metric: Text = Field(description="what was used, such as data, power or water", examples=["data"])
    meter_id: Id | None = Field(None, description="the meter that counted it")


class AccountClosed(OfAccount):
    """The account is closed."""

    event = "account.closed"


EVENTS: tuple[type[Happened], ...] = (AllowanceGranted, AllowanceToppedUp, UsageRecorded, AccountClosed)
