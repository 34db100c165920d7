"""The mails of all shipped rules, and the outbox, in a real browser: everybody can read them, in the light and in the dark."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.message import Message
from contracts.notice import NoticePhase
from contracts.times import DAY
from docs.chromium import NoChromium, chromium
from docs.render_messages import Told, all_told
from notifiers.channels.outbox import Outbox
from notifiers.composing import Composer, Occasion, Sender, lay_out
from notifiers.composing.layout import Offer, Story, as_page
from rules.loader import library
from tests.notifiers.builders import CHOICES, NOON, a_customer, a_notice, a_question
from tests.notifiers.channels.posts import ADDRESSES, a_post
from tests.slow.eyes import Eyes

RULES = sorted(file.stem for file in library().glob("*.yaml") if "." not in file.stem)
EXAMPLE = "https://example.com/"
COMPOSER = Composer(
    choices=CHOICES,
    sender=Sender(name="Example Parcels", check_at=f"{EXAMPLE}check", person_at=f"{EXAMPLE}help", preferences_at=f"{EXAMPLE}me"),
)


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return all_told()


@pytest.fixture(scope="module")
def outbox(told: list[Told], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outbox")
    asyncio.run(Outbox(folder).send_all([each.message for each in told]))
    return folder


@pytest.fixture(scope="module")
def eyes(outbox: Path) -> Iterator[Eyes]:
    """Opened once the rest is made: while they are open, no other loop can run."""
    try:
        with chromium() as browser, Eyes(browser) as eyes:
            yield eyes
    except NoChromium as absence:
        pytest.skip(str(absence))


def choices_and_addresses() -> Message:
    return a_post(composer=COMPOSER)


def corrected() -> Message:
    notice = a_notice(phase=NoticePhase.CORRECTED)
    return a_post(a_question(notice=notice, customer=a_customer(**ADDRESSES)), composer=COMPOSER)


def several() -> Message:
    question = a_question(customer=a_customer(**ADDRESSES))
    return lay_out([COMPOSER.draft(question, Occasion(channel="email", now=NOON, hear_again=NOON + DAY))] * 3)


LONG = Story(
    sections={
        "what": "Ihr Donaudampfschifffahrtsgesellschaftskapitänsmützenauftrag WWWW-WWWW-WWWW-WWWW-0001 ist aufgehalten.",
        "why": "Das Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz. " + "0034" * 60,
        "you_need_to": "Bitte schicken Sie uns die Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung.",
    },
    offer="Sie können wählen:",
    offers=(Offer("Ich warte auf das Versandbestätigungsbenachrichtigungsschreiben " * 3, f"{EXAMPLE}{'a' * 200}"),),
)
RIGHT_TO_LEFT = Story(
    sections={"what": "طردك قد يتأخر", "why": "لا نعرف السبب بعد.", "you_need_to": "لا داعي لأن تفعل شيئا."},
    offer="يمكنك:",
    offers=(Offer("سأنتظر", EXAMPLE), Offer("إلغاء", None)),
)


@pytest.mark.parametrize("rule", RULES)
def test_each_mail_of_a_shipped_rule_can_be_read_by_everybody(rule: str, told: list[Told], eyes: Eyes) -> None:
    own = [each for each in told if each.rule.name == rule]

    assert {each.message.language for each in own} == {"en", "de"}
    for each in own:
        assert eyes.faults(each.message.html) == [], f"{each.says}, {each.message.language}"


@pytest.mark.parametrize("message", [choices_and_addresses, corrected, several])
def test_choices_corrections_and_several_stories_in_one_mail_can_too(message: Callable[[], Message], eyes: Eyes) -> None:
    assert eyes.faults(message().html) == []


@pytest.mark.parametrize(("story", "language"), [(LONG, "de"), (RIGHT_TO_LEFT, "ar")])
def test_very_long_words_and_those_from_right_to_left_can_too(story: Story, language: str, eyes: Eyes) -> None:
    assert eyes.faults(as_page(story.headline, [story], {"sender": f"{EXAMPLE}{'b' * 200}"}, language=language)) == []


def test_every_page_of_the_outbox_can_too(outbox: Path, eyes: Eyes) -> None:
    pages = sorted(outbox.glob("*.html"))

    assert len(pages) > 5
    for page in pages:
        assert eyes.faults(page) == [], page.name


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("color: #4d4d48", "color: #b9b9b2", "light 360px: color-contrast"),
        ("color: #b9b9b2", "color: #4d4d48", "dark 360px: color-contrast"),
        ("(prefers-color-scheme: dark)", "print", "dark 720px: is too dark for the light, or too bright for the dark"),
        ('<html lang="en"', "<html", "html-has-lang"),
        ("<title>", "<title></title><title hidden>", "document-title"),
        ("<h1>", "<h4>", "page-has-heading-one"),
        ("overflow-wrap: anywhere", "white-space: nowrap", "px wider than the screen"),
        ("</main>", '<img src="https://tracker.invalid/open.gif"></main>', "image-alt"),
        ("</main>", '<img alt="" src="https://tracker.invalid/open.gif"></main>', "fetches https://tracker.invalid"),
        (".link a {", ".link a { opacity: 0.3;", "color-contrast"),
    ],
)
def test_a_layout_that_somebody_could_not_read_is_found(written: str, instead: str, fault: str, eyes: Eyes) -> None:
    page = choices_and_addresses().html

    assert written in page
    assert fault in "\n".join(eyes.faults(page.replace(written, instead)))
