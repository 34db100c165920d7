"""Every test that takes `store` is about what all databases must do, and runs on each."""

from collections.abc import Iterator

import pytest

from storage.sqlite import SqliteStore, open_memory

OPENERS = {"sqlite": open_memory}


@pytest.fixture(params=OPENERS)
def store(request: pytest.FixtureRequest) -> Iterator[SqliteStore]:
    store = OPENERS[request.param]()
    yield store
    store.close()
