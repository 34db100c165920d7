"""What every shipped event is made of: fields that know their type in the catalogue, their description and an example."""

from datetime import date
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from contracts.values import FieldType


class Amount(BaseModel):
    """Money as it stands in an event: an amount of a currency."""

    model_config = ConfigDict(frozen=True)

    amount: Annotated[str, Field(pattern=r"^-?\d{1,18}(\.\d{1,6})?$")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


def _joined(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


Text: TypeAlias = Annotated[str, FieldType.TEXT]
Integer: TypeAlias = Annotated[int, FieldType.INTEGER]
Decimal: TypeAlias = Annotated[float, FieldType.DECIMAL]
Day: TypeAlias = Annotated[date, FieldType.DATE]
Instant: TypeAlias = Annotated[AwareDatetime, FieldType.INSTANT]
Money: TypeAlias = Annotated[Amount, FieldType.MONEY]
# Several words in one text, with commas between; an event may carry them as a list.
Words: TypeAlias = Annotated[str, FieldType.TEXT, BeforeValidator(_joined)]

Id: TypeAlias = Annotated[str, FieldType.TEXT, Field(min_length=1, max_length=200)]
CustomerId: TypeAlias = Annotated[Id, Field(description="the customer it is about", examples=["C1"])]
OrderId: TypeAlias = Annotated[Id, Field(description="the order it is about", examples=["O1"])]
ParcelId: TypeAlias = Annotated[Id, Field(description="the parcel it is about", examples=["P1"])]
SubscriptionId: TypeAlias = Annotated[Id, Field(description="the subscription it is about", examples=["S1"])]
AccountId: TypeAlias = Annotated[Id, Field(description="the account that is used", examples=["A1"])]


class Happened(BaseModel):
    """Something that happened. cases: kind to the field with its id, the subject's first. label: names the case."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event: ClassVar[str]
    cases: ClassVar[dict[str, str]]
    label: ClassVar[str]
