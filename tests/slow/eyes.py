"""A page in, what is wrong with it out, as readers see it in a browser: on narrow and wide screens, in the light and in the dark.

axe judges by its rules for WCAG 2.2 A and AA and by its best practices; what it cannot judge counts as wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

WIDTHS_PX = (320, 360, 720)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
JUDGE = "rules => axe.run({runOnly: rules, resultTypes: ['violations', 'incomplete']})"
TOO_WIDE_PX = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SCROLLED_TO = "* { content-visibility: visible !important }"
BRIGHTNESS = """\
getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + part / 765, 0)"""


class Eyes(AbstractContextManager["Eyes"]):
    """One pair for each width and scheme. windows: their pages by name."""

    def __init__(self, browser: Browser) -> None:
        self._axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
        self._opened = ExitStack()
        self.windows = {f"{scheme} {width}px": self._window(browser, scheme, width) for scheme in SCHEMES for width in WIDTHS_PX}
        self._fetched: list[str] = []

    def _window(self, browser: Browser, scheme: Literal["light", "dark"], width_px: int) -> Page:
        context = browser.new_context(color_scheme=scheme, viewport={"width": width_px, "height": 640})
        self._opened.callback(context.close)
        context.route(re.compile("^https?:"), self._refuse)
        return context.new_page()

    def _refuse(self, route: Route) -> None:
        self._fetched.append(route.request.url)
        route.abort()

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def faults(self, page: str | Path) -> list[str]:
        """Return what is wrong with a page, given as HTML or as a file, each with the window in which it is seen.

        Everything is judged, also what a reader sees only once it has been scrolled to.
        """
        return [f"{name}: {fault}" for name, window in self.windows.items() for fault in self._seen(window, name, page)]

    def _seen(self, window: Page, name: str, page: str | Path) -> Iterator[str]:
        self._fetched.clear()
        if isinstance(page, Path):
            window.goto(page.as_uri())
        else:
            window.set_content(page)
        yield from (f"fetches {url}" for url in self._fetched)
        if (too_wide := window.evaluate(TOO_WIDE_PX)) > 0:
            yield f"is {too_wide} px wider than the screen"
        if (window.evaluate(BRIGHTNESS) > 0.5) is not name.startswith("light"):
            yield "is too dark for the light, or too bright for the dark"
        window.add_style_tag(content=SCROLLED_TO)
        window.evaluate(self._axe)
        found = window.evaluate(JUDGE, RULES)
        yield from (_in_words(finding) for kind in ("violations", "incomplete") for finding in found[kind])


def _in_words(finding: dict[str, Any]) -> str:
    return f"{finding['id']}: {finding['help']}: {[node['html'][:120] for node in finding['nodes']][:3]}"
