"""Good messages pass, bad ones are caught by the check that was made for them, and no check cries wolf."""

from collections import Counter

import pytest

from notifiers.lint import CHECKS
from tests.notifiers.lint.labelled import Labelled, caught_by, findings, messages

GOOD, BAD = messages("good"), messages("bad")
OF_SECTIONS_AND_SMS = [check.name for check in CHECKS if any(check.name in message.caught for message in BAD)]
LEAST = 60


@pytest.mark.parametrize("message", GOOD, ids=str)
def test_a_good_message_has_no_finding(message: Labelled) -> None:
    assert findings(message) == []


@pytest.mark.parametrize("message", BAD, ids=str)
def test_a_bad_message_is_caught_by_the_check_that_was_made_for_it(message: Labelled) -> None:
    assert message.caught
    assert caught_by(message) >= set(message.caught)


def test_the_corpus_is_large_and_in_both_languages() -> None:
    for corpus in (GOOD, BAD):
        languages = Counter(message.language for message in corpus)

        assert len(corpus) >= LEAST
        assert min(languages["en"], languages["de"]) >= 0.4 * len(corpus)


def test_every_message_is_there_once() -> None:
    texts = [message.text for message in GOOD + BAD]

    assert len(texts) == len(set(texts))


def test_twenty_bad_messages_paraphrase_published_ones_and_name_the_rule_that_they_break() -> None:
    published = [message for message in BAD if message.after]

    assert len(published) >= 20
    assert all(message.breaks for message in published)


def test_every_check_with_word_lists_is_shown_in_each_of_its_languages() -> None:
    shown = {(name, message.language) for message in BAD for name in message.caught}

    assert shown >= {(check.name, language) for check in CHECKS for language in check.languages}


def test_no_check_cries_wolf(capsys: pytest.CaptureFixture[str]) -> None:
    """Precision: of what a check finds in the whole corpus, the share that is labelled so. Recall: of the labelled, the found."""
    right, found, labelled = _counts()
    with capsys.disabled():
        print("\n\ncheck                 labelled  found  precision  recall")
        for name in OF_SECTIONS_AND_SMS:
            precision, recall = right[name] / max(found[name], 1), right[name] / labelled[name]
            print(f"{name:<20}  {labelled[name]:>8}  {found[name]:>5}  {precision:>9.0%}  {recall:>6.0%}")

    for name in OF_SECTIONS_AND_SMS:
        assert right[name] == labelled[name]
        assert right[name] >= 0.8 * found[name]


def _counts() -> tuple[Counter[str], Counter[str], Counter[str]]:
    right, found, labelled = Counter[str](), Counter[str](), Counter[str]()
    for message in GOOD + BAD:
        caught, expected = caught_by(message), set(message.caught)
        right.update(caught & expected)
        found.update(caught)
        labelled.update(expected)
    return right, found, labelled
