"""The Chromium of this machine, without a window and without a word to anybody; Debian has it as the package `chromium`.

Playwright is imported when it is needed, which quick tests never do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from shutil import which
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
SILENT = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-lcd-text", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


class NoChromium(Exception):
    """There is no Chromium on this machine."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start it with a new, empty profile, and end it. Raises NoChromium. Meanwhile this thread can run no loop of its own."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(which, NAMES)), None)
    if program is None:
        raise NoChromium("there is no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(SILENT))
        try:
            yield browser
        finally:
            browser.close()
