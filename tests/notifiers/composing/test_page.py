"""The page of a message: readable by eyes, by screen readers, in the dark, and without fetching anything."""

import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from notifiers.composing.layout import Offer, Story, as_page
from tests.notifiers.channels.posts import a_post

LAYOUT = files("notifiers.composing").joinpath("layout.html").read_text(encoding="utf-8")
STORY = Story(
    sections={"what": "It is late.", "choices": "", "hear_again": "Soon."}, offer="Choose:", offers=(Offer("Wait", None),)
)


class Outline(HTMLParser):
    """tags: with their attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[str]:
        return [tag for tag, _ in self.tags if tag in names]


def brightness(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def colours(css: str) -> dict[str, dict[str, str]]:
    rules = re.findall(r"^\s*([a-z.]+) \{([^}]*)\}", css, re.MULTILINE)
    found: dict[str, dict[str, str]] = {name: {} for name, _ in rules}
    for name, body in rules:
        found[name] |= re.findall(r"\b(color|background): (#[0-9a-f]{6})", body)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_stand_out_from_what_is_behind_them(scheme: str) -> None:
    light, dark = LAYOUT.split("prefers-color-scheme: dark")
    seen = colours(light) if scheme == "light" else colours(dark)

    pairs = [(seen["body"]["color"], seen["main"]["background"]), (seen["a"]["color"], seen["main"]["background"])]
    pairs += [(seen[words]["color"], seen[".next"]["background"]) for words in ("body", "a")]
    pairs += [(seen["footer"]["color"], seen["body"]["background"])]
    assert min(contrast(words, behind) for words, behind in pairs) >= 4.5


def test_a_page_has_landmarks_one_heading_and_a_title() -> None:
    outline = Outline(a_post().html)

    assert outline.all("main", "footer", "h1", "title") == ["title", "main", "h1", "footer"]


def test_a_page_of_several_stories_has_a_heading_for_each() -> None:
    outline = Outline(as_page("2 messages for you", [STORY, STORY], {}, language="en"))

    assert outline.all("h1", "h2", "ul", "li") == ["h1", "h2", "ul", "li", "h2", "ul", "li"]


@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("de-AT", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("xx", "ltr")]
)
def test_a_page_says_its_language_and_in_which_direction_it_is_read(language: str, direction: str) -> None:
    tags = Outline(as_page("t", [STORY], {}, language=language)).tags

    said = [(tag, attrs["lang"], attrs["dir"]) for tag, attrs in tags if "lang" in attrs]
    assert said == [(tag, language, direction) for tag in ("html", "main", "footer")]


def test_what_the_customer_has_to_do_and_can_choose_and_the_next_word_stand_apart_from_the_rest() -> None:
    sections = {"what": "It is late.", "you_need_to": "Call us.", "why": "Snow.", "choices": "-", "hear_again": "Soon."}

    page = as_page("t", [Story(sections=sections, offer="Choose:", offers=STORY.offers)], {}, language="en")

    rest, coming = page.split('<div class="next">')
    assert "Snow." in rest and not re.search("Call us|Choose|Wait|Soon", rest)
    assert re.search(r"Call us\..*Choose:.*Wait.*Soon\..*</div>", coming, re.DOTALL)


def test_an_end_leaves_nothing_to_do_and_no_room_for_it() -> None:
    assert 'class="next"' not in as_page("t", [Story(sections={"solved": "It is there."})], {}, language="en")


def test_addresses_of_the_sender_are_links_and_those_that_an_event_brought_are_not() -> None:
    small_print = {
        "why_you": "It concerns https://bad.example/x",
        "person": "Call +49 30 1234 or see (https://example.com/help?a=1&b=2).",
    }

    page = as_page("t", [STORY], small_print, language="en")

    assert "<p>It concerns https://bad.example/x</p>" in page
    address = "https://example.com/help?a=1&amp;b=2"
    assert f'<p>Call +49 30 1234 or see (<a href="{address}">{address}</a>).</p>' in page


@pytest.mark.parametrize("code", ["0034-5521", "S-204", "XT6C-6PKQ", "2026-03-07"])
def test_no_line_ends_within_a_code(code: str) -> None:
    page = as_page(
        f"Parcel {code}.", [Story(sections={"what": "", "why": f"“{code}”"})], {"sender": f"code {code}."}, language="en"
    )

    assert page.count(f'<span class="code">{code}</span>') == 3
    assert f"<title>Parcel {code}.</title>" in page


@pytest.mark.parametrize("word", ["follow-up", "2026", "-", "https://example.com/0034-5521", "&#x2d;-"])
def test_a_line_may_end_in_all_other_words(word: str) -> None:
    story = Story(sections={"what": "", "why": word if "://" not in word else "none"})

    assert 'class="code"' not in as_page("t", [story], {"sender": word}, language="en")


def test_a_page_fetches_nothing_and_runs_nothing() -> None:
    page = a_post().html

    assert not Outline(page).all("img", "script", "link", "iframe", "object", "form")
    assert "url(" not in page and "@import" not in page


def test_whatever_a_text_holds_is_shown_as_text() -> None:
    evil = '</title></p><script>alert("x")</script>&amp;$story'

    page = as_page(
        evil,
        [Story(sections={"what": evil, "why": evil}, offer=evil, offers=(Offer(evil, 'https://x/"><b>'),))],
        {"sender": evil},
        language="en",
    )

    assert Outline(page).all("script", "b") == []
    assert page.count("alert(&quot;x&quot;)") == 6 and "&amp;amp;$story" in page
