"""The pictures of mails are small, named where they are shown, and all shown."""

import re
from pathlib import Path

import pytest

from docs.take_screenshots import IMAGES, PICTURES

ROOT = Path(__file__).parents[2]
MOST_BYTES = 120_000
SHOWN = re.compile(r'<img src="(?:docs/)?images/([\w-]+)\.png" width="[^"]+" alt="([^"]+)">')
PAGES = "".join((ROOT / page).read_text(encoding="utf-8") for page in ("README.md", "docs/messages.md"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_small_and_shown_once_in_words_too(name: str) -> None:
    assert (IMAGES / f"{name}.png").stat().st_size <= MOST_BYTES
    (words,) = [alt for shown, alt in SHOWN.findall(PAGES) if shown == name]
    assert len(words) > 40


def test_there_is_no_picture_but_these() -> None:
    assert {file.stem for file in IMAGES.iterdir()} == set(PICTURES)
