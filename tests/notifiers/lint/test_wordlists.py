"""Phrases of a word list are found as an author writes them, in their own language only."""

import re

import pytest
from msgspec.structs import replace

from notifiers.composing.phrases import PHRASES
from notifiers.lint import CHECKS, Finding, check
from notifiers.lint.wordlists import LANGUAGES, phrases
from tests.notifiers.builders import CHOICES, a_rule, a_wording
from tests.notifiers.lint.labelled import Labelled, caught_by, findings


@pytest.mark.parametrize(
    "text",
    ["act now", "Act NOW", "please act\n  now.", "(act now)", "we don’t wait: don’t delay", "{% if reason %}x{% endif %}act now"],
)
def test_a_phrase_is_found_however_it_is_written(text: str) -> None:
    assert "pressure" in caught_by(Labelled(language="en", text=text))


@pytest.mark.parametrize("text", ["The contract nowhere says so.", "They react now and then.", "Fact nowadays."])
def test_a_phrase_is_made_of_whole_words(text: str) -> None:
    assert caught_by(Labelled(language="en", text=text)) == set()


def test_a_phrase_in_capitals_is_found_in_capitals_only() -> None:
    assert phrases("jargon", "en").search("no ETA yet")
    assert not phrases("jargon", "en").search("a beta, an eta")


def test_words_between_do_not_reach_over_the_end_of_a_sentence_or_into_another_branch() -> None:
    assert caught_by(Labelled(language="en", text="Pay by card. We look now.")) == set()
    assert caught_by(Labelled(language="en", text="{% if wait %}Pay by card{% else %}We look now{% endif %}")) == set()


def test_a_placeholder_may_stand_in_a_phrase() -> None:
    assert caught_by(Labelled(language="en", text="Only {{ tries_left }} seats left.")) == {"pressure"}


def test_a_list_speaks_its_own_language_and_serves_its_dialects() -> None:
    assert phrases("pressure", "de-AT").search("Zahlen Sie bitte umgehend")
    assert not phrases("pressure", "en").search("Zahlen Sie bitte umgehend")
    assert not phrases("pressure", "fr").search("act now")


def test_every_check_that_names_a_language_has_its_lists() -> None:
    named = [each.name for each in CHECKS if each.languages]

    assert all(phrases(name, language).pattern != "(?!)" for name in named for language in LANGUAGES)


def test_a_finding_quotes_the_author_and_stands_where_the_words_are() -> None:
    text = "It waits. Act\nnow, please."

    (found,) = findings(Labelled(language="en", text=text))

    assert found == Finding(
        language="en",
        section="effect",
        offset=text.index("Act"),
        fact="`Act now` hurries or threatens the customer",
        remedy="say until when what is possible, as a fact, and what happens then",
        check="pressure",
    )


def test_what_a_choice_is_called_is_asked_the_same_questions_of_tone() -> None:
    shaming = {"wait": replace(CHOICES["wait"], texts={"en": "No, I don't want to save"})}

    (found,) = check(a_rule(wording=a_wording(choices=("wait",))), shaming)

    assert (found.section, found.check, found.offset) == ("choices", "pressure", 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_systems_own_sentences_stand_before_their_own_lint(language: str) -> None:
    spoken = PHRASES[language]
    for name in spoken.__struct_fields__:
        text = re.sub(r"\{\w+\}", "{{ case.label }}", getattr(spoken, name))

        assert caught_by(Labelled(language=language, text=text)) == set(), name
