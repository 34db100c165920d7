"""What tellfirst.yaml says under `database`: the PostgreSQL that keeps the store, where it is not a file of this machine."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from notifiers.channels.providers import Secret
from rules.reading.part import Part
from streams.providers import read_secret, variable

SCHEMES = ("postgresql", "postgres")


@dataclass(frozen=True)
class Database:
    """address: postgresql://USER@HOST:PORT/NAME, without a password. password: None where the server asks for none."""

    address: str
    password: Secret | None = None


def read_database(part: Part) -> Database | None:
    own = part.part("database")
    if own is None:
        return None
    remedy = "write postgresql://USER@HOST:PORT/NAME"
    own.need("address", remedy)
    found, password = own.scalar("address"), read_secret(own, "password", "DATABASE")
    if found is not None and (fact := _fault(found.text)):
        own.faults.refuse(found.place, fact, remedy)
    own.close()
    return Database(found.text, password) if found is not None else None


def _fault(address: str) -> str | None:
    try:
        url = urlsplit(address)
        has_password = url.password is not None
    except ValueError:
        return "`address` is no address of a database"
    if url.scheme not in SCHEMES or not address.isprintable():
        return "`address` is no address of a PostgreSQL database"
    if has_password:
        return f"a password does not belong into this file (`password_file`, or {variable('DATABASE', 'password')})"
    return None
