"""Ids are the same for ever, for stores and providers know things by them."""

from base64 import b32encode
from hashlib import blake2b

from hypothesis import given
from hypothesis import strategies as st

from contracts.ids import mark_of, message_id, notice_id, number_of, problem_id


def test_ids_are_what_they_always_were() -> None:
    problem = problem_id("late-parcel", "parcel/P1", 1_772_452_800_000_000, 0)
    notice = notice_id(problem, "opened", 0)

    assert problem == "prb_qeisxltf6ocqpllmtlmittf62y"
    assert notice == "ntc_so7mff6ll7hek6jqdqxoxymrfi"
    assert message_id(notice, "email") == "msg_akpsxbmokq3uabc6yehbvwfeay"
    assert number_of(mark_of("shop", "e1")) == 4371576128642359117


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_an_id_is_base_32_of_a_hash_over_its_parts_each_after_its_length(notice: str, channel: str) -> None:
    parts = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in (notice, channel))
    expected = b32encode(blake2b(parts, digest_size=16).digest()).decode().rstrip("=").lower()

    assert message_id(notice, channel) == f"msg_{expected}"


def test_parts_do_not_run_into_each_other() -> None:
    assert message_id("ab", "c") != message_id("a", "bc")
