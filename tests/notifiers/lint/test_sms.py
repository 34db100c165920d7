"""SMS segments are counted as phones count them, and a rule whose words need more than two is warned."""

import pytest
from msgspec.structs import replace

from notifiers.lint import Finding, check
from notifiers.lint.sms import typical
from notifiers.segments import size
from tests.notifiers.builders import a_rule, a_tell, a_wording


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("Grüße aus Köln ß @ £", "GSM-7", 20, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("„" * 70, "UCS-2", 70, 1),
        ("„" * 71, "UCS-2", 71, 2),
        ("„" * 135, "UCS-2", 135, 3),
        ("a" * 69 + "–", "UCS-2", 70, 1),
        ("😀" * 35, "UCS-2", 70, 1),
    ],
)
def test_the_size_of_a_text(text: str, alphabet: str, units: int, segments: int) -> None:
    sized = size(text)

    assert (sized.alphabet.name, sized.units, sized.segments) == (alphabet, units, segments)


def test_no_sign_of_two_units_is_cut_by_the_end_of_a_segment() -> None:
    assert size("a" * 152 + "€" + "a" * 152).segments == 3
    assert size("a" * 151 + "€" + "a" * 153).segments == 2
    assert size("😀" * 66).segments == 2
    assert size("😀" * 67).segments == 3


@pytest.mark.parametrize(
    ("text", "typical_length"),
    [
        ("It is late.", 11),
        ("{{ promised | day }}", 20),
        ("{{ last_seen }}.", 13),
        ("{% if expected %}a{% elif last_seen %}abcd{% else %}ab{% endif %}", 4),
        ("{% if expected %}abc{% endif %}", 3),
        ("{{ expected | clock if expected else 'unknown' }}", 7),
    ],
)
def test_placeholders_are_as_wide_as_usual_and_ifs_as_long_as_they_get(text: str, typical_length: int) -> None:
    assert len(typical(text)) == typical_length


def test_each_wording_and_each_end_is_counted_by_itself() -> None:
    long = "word " * 70

    assert [finding.section for finding in of_sms(doing=long)] == ["what.may be late", "what.is late"]
    assert [finding.section for finding in of_sms(cleared=long)] == ["cleared"]
    assert of_sms(why=long) == []


def test_a_finding_says_how_many_signs_fit_and_that_some_signs_are_dear() -> None:
    found = of_sms(doing="„" + "word " * 20 + "“")[0]

    assert found.warning
    assert "segments" in found.fact and "UCS-2 where 134 fit" in found.fact
    assert "curled quotes" in found.remedy


@pytest.mark.parametrize("tell", [{"channels": ("email", "push")}, {"channels": ("sms",), "private": True}])
def test_rules_that_put_no_words_into_sms_are_not_counted(tell: dict[str, object]) -> None:
    assert of_sms(doing="word " * 70, **tell) == []


def of_sms(
    *, doing: str = "We look for it.", cleared: str = "It moves.", why: str = "We do not know.", **tell: object
) -> list[Finding]:
    wording = replace(a_wording(choices=()), doing=doing, cleared=cleared, why=why)
    rule = a_rule(wording=wording, tell=a_tell(**tell))
    return [finding for finding in check(rule, {}) if finding.check == "long-sms"]
