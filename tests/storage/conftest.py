"""Every test that takes `store` is about what all databases must do, and runs on each."""

from collections.abc import Callable, Iterator

import pytest

from storage.noting import Noting
from storage.postgres import open_postgres
from storage.sql_store import SqlStore
from storage.sqlite import open_memory


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[SqlStore]:
    opener: Callable[[], SqlStore] = open_memory
    if request.param == "postgres":
        address = request.getfixturevalue("schema")
        opener = lambda: open_postgres(address)  # noqa: E731
    store = opener()
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def sending(request: pytest.FixtureRequest) -> Iterator[SqlStore]:
    """A store that sends on what it decides."""
    noting = Noting(sends_on=True)
    opener: Callable[[], SqlStore] = lambda: open_memory(noting)  # noqa: E731
    if request.param == "postgres":
        address = request.getfixturevalue("schema")
        opener = lambda: open_postgres(address, noting=noting)  # noqa: E731
    store = opener()
    yield store
    store.close()
