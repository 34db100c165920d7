"""Every check has a page in docs/lint that says of it what is true, and whose examples behave as they say."""

import re
from pathlib import Path

import pytest

from notifiers.lint import CHECKS
from notifiers.lint.library import OF_PAGES, Check
from tests.notifiers.lint.labelled import Labelled, caught_by

DOCS = Path(__file__).parents[3] / "docs" / "lint"
NAMES = {"en": "English", "de": "German"}
OWN = "This is a rule of our own: no source but the reason above."
_EXAMPLE = re.compile(r"^- (.+)\n  - bad: `(.+)`\n  - better: `(.+)`$", re.MULTILINE)


def page_of(check: Check) -> str:
    return (DOCS / f"{check.name}.md").read_text("utf-8")


def why(check: Check) -> str:
    """Return the sentence of the page that says why, which stands below what it is."""
    return page_of(check).split("\n\n")[2]


def examples() -> list[tuple[str, Labelled, Labelled]]:
    return [
        (check.name, an_example(tags, bad), an_example(tags, better))
        for check in CHECKS
        for tags, bad, better in _EXAMPLE.findall(page_of(check))
    ]


def an_example(tags: str, text: str) -> Labelled:
    """Return the message of an example, tagged with its language and, where they matter, `may`, `sms` and its section."""
    language, *rest = tags.split(", ")
    section = next((tag for tag in rest if tag not in ("may", "sms")), "effect")
    channel, says = "sms" if "sms" in rest else "email", "may" if "may" in rest else "is"
    return Labelled(language=language, text=text, section=section, says=says, channel=channel)


def test_every_check_has_a_page_and_every_page_a_check() -> None:
    assert {path.stem for path in DOCS.glob("*.md")} == {check.name for check in CHECKS} | {"README"}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_page_says_how_grave_it_is_in_which_languages_and_why(check: Check) -> None:
    languages = " and ".join(NAMES[language] for language in check.languages) or "every language"

    assert page_of(check).startswith(f"# {check.name}\n\nA {'warning' if check.warns else 'fault'}, in {languages}.\n\n")
    assert re.fullmatch(r"[A-Z][^\n]{20,}\.", why(check))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_page_names_its_sources_and_what_they_say_or_says_that_it_has_none(check: Check) -> None:
    (sources,) = re.findall(r"^## Source\n\n(.+)\n\Z", page_of(check), re.MULTILINE | re.DOTALL)

    assert sources == OWN or all(re.fullmatch(r"- .{10,}?: [^:].{10,}\.", source) for source in sources.splitlines())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_the_index_lists_it(check: Check) -> None:
    grave, languages = "warning" if check.warns else "fault", ", ".join(check.languages) or "every"

    assert f"| [{check.name}]({check.name}.md) | {grave} | {languages} | {why(check)} |" in (DOCS / "README.md").read_text(
        "utf-8"
    )


@pytest.mark.parametrize(("name", "bad", "better"), examples(), ids=str)
def test_the_bad_example_of_a_page_is_caught_and_the_better_one_passes(name: str, bad: Labelled, better: Labelled) -> None:
    assert name in caught_by(bad)
    assert caught_by(better) == set()


def test_every_check_of_words_shows_an_example_in_each_of_its_languages() -> None:
    shown = {(name, bad.language) for name, bad, _ in examples()}
    spoken = {(check.name, language) for check in CHECKS for language in check.languages}

    assert shown >= spoken
    assert {name for name, _ in shown} >= {check.name for check in CHECKS} - {check.name for check in OF_PAGES}
