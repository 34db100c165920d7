"""Every test of this folder is a proof: marked slow, and failed when it would be skipped."""

from collections.abc import Generator
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and HERE in item.path.parents:
        report.outcome = "failed"
        report.longrepr = f"a skipped proof is a failed one: {report.longrepr}"
    return report
