"""What tests of every floor may need: a real database."""

from collections.abc import Iterator

import pytest

from tests.storage.server import database, fresh_schema


@pytest.fixture
def schema() -> Iterator[str]:
    """The address of an empty schema of a PostgreSQL database."""
    with fresh_schema(database()) as address:
        yield address
