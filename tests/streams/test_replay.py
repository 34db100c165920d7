"""A file replayed: the same rows whatever the batches, also when it is cut off and goes on."""

import asyncio
import gzip
from pathlib import Path
from random import Random

import pytest
import zstandard

from contracts.times import DAY, parse_instant
from notifiers.channels import Recording
from storage.sqlite import open_memory, open_store
from streams.generator import generate
from streams.replay import WhichMapping, mapping_for, replay
from streams.telling import Reach
from tests.streams.shop import a_parcel, a_shop, a_week, an_event, replayed, rows_of

NINE = parse_instant("2026-03-02T09:00:00Z")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_size_of_batches_means_nothing(seed: int, tmp_path: Path) -> None:
    project, file = a_shop(tmp_path), a_week(tmp_path / "week.jsonl", seed=seed)

    runs = [rows_of(replayed(project, file, batch=batch)[0]) for batch in (1, 7, 100, 5_000)]

    assert runs[0]["notices"] and runs[0]["problems"]
    assert all(run == runs[0] for run in runs[1:])


def test_the_size_of_batches_means_nothing_in_disorder(tmp_path: Path) -> None:
    lines = list(generate(4, customers=100))
    chance = Random(4)
    for _ in range(300):
        place = chance.randrange(len(lines) - 20)
        lines.insert(place + chance.randrange(20), lines.pop(place))
    (tmp_path / "tellfirst.yaml").write_text("sources: {file: {disorder: 3h}}\n")
    project, file = a_shop(tmp_path), a_week(tmp_path / "week.jsonl", lines=lines)

    runs = [rows_of(replayed(project, file, batch=batch)[0]) for batch in (1, 7, 100, 5_000)]

    assert runs[0]["notices"]
    assert all(run == runs[0] for run in runs[1:])


def test_every_record_that_was_read_has_one_fate(tmp_path: Path) -> None:
    project, file = a_shop(tmp_path), a_week(tmp_path / "week.jsonl")

    store, tally = replayed(project, file)

    assert tally.read == len(file.read_bytes().splitlines())
    assert tally.read == tally.applied + tally.repeated + tally.unread + tally.dead_letters
    assert len(store.dead_letters(limit=1_000)) == tally.dead_letters > 0
    assert tally.repeated > 0


def test_a_replay_holds_no_more_dead_letters_than_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.stepping.MOST_BURIED", 30)
    project, file = a_shop(tmp_path), a_week(tmp_path / "week.jsonl", lines=[b"not an event"] * 10)
    store, written = open_memory(), []

    def look(records: int) -> None:
        written.append((records, len(store.dead_letters())))

    monkeypatch.setattr("streams.replay.PROGRESS_EVERY", 1)
    asyncio.run(replay(project, store, file, reach=Reach(), batch=1_000, progress=look))

    assert written[-1] == (10, 10)
    assert all(records - letters <= 2 for records, letters in written)


async def cut_off_after(records: int, project, store, file) -> None:  # type: ignore[no-untyped-def]
    def cut_off(read: int) -> None:
        if read >= records:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await replay(project, store, file, reach=Reach(), batch=10, progress=cut_off)


def test_a_replay_that_was_cut_off_goes_on_where_it_was(tmp_path: Path) -> None:
    project, file = a_shop(tmp_path), a_week(tmp_path / "week.jsonl")
    whole, tally = replayed(project, file)

    for _ in range(2):
        store = open_store(tmp_path / "data", durable=False)
        asyncio.run(cut_off_after(1_000, project, store, file))
        store.close()
    store = open_store(tmp_path / "data", durable=False)
    resumed, resumed_tally = replayed(project, file, store=store)

    assert resumed_tally == tally
    assert rows_of(resumed) == rows_of(whole)
    store.close()


def test_a_file_replayed_twice_changes_nothing(tmp_path: Path) -> None:
    project, file = a_shop(tmp_path), a_week(tmp_path / "week.jsonl")
    store, tally = replayed(project, file)
    before = rows_of(store)

    again = replayed(project, file, store=store)[1]

    assert (again, rows_of(store)) == (tally, before)


def test_packed_files_are_read_as_plain_ones_are(tmp_path: Path) -> None:
    project, file = a_shop(tmp_path), a_week(tmp_path / "week.jsonl")
    (tmp_path / "week.jsonl.gz").write_bytes(gzip.compress(file.read_bytes()))
    (tmp_path / "week.jsonl.zst").write_bytes(zstandard.compress(file.read_bytes()))

    plain = replayed(project, file)[1]

    assert replayed(project, tmp_path / "week.jsonl.gz")[1] == plain
    assert replayed(project, tmp_path / "week.jsonl.zst")[1] == plain


def test_time_runs_on_to_until_so_that_what_is_awaited_falls_due(tmp_path: Path) -> None:
    project, file = a_shop(tmp_path), a_week(tmp_path / "parcel.jsonl", lines=a_parcel(NINE))
    store, _ = replayed(project, file)
    assert list(store.export("problems")) == []

    asyncio.run(replay(project, store, file, reach=Reach(), until=NINE + 4 * DAY))

    assert [row["phase"] for row in store.export("problems")] == ["opened"]
    assert [(row["phase"], row["answer"]) for row in store.export("notices")][0] == ("opened", "told")


def test_foreign_lines_need_a_mapping_that_is_named_or_the_only_one(tmp_path: Path) -> None:
    project = a_shop(tmp_path)
    foreign = a_week(tmp_path / "foreign.jsonl", lines=[b'{"order": 1}'])

    assert mapping_for(project, foreign, None) is None
    with pytest.raises(WhichMapping, match="there is no mapping `shop`"):
        mapping_for(project, foreign, "shop")


def test_a_message_calls_a_case_by_the_field_that_the_catalogue_names(tmp_path: Path) -> None:
    ids = "parcel_id: {type: text, example: P1}, customer_id: {type: text, example: C1}"
    created = f"{{cases: {{parcel: parcel_id}}, label: tracking, fields: {{{ids}, tracking: {{type: text, example: T}}}}}}"
    (tmp_path / "events.yaml").write_text(f"types:\n  shipment.created: {created}\n")
    project, first, *others = a_shop(tmp_path), *a_parcel(NINE)
    second = an_event(1, "shipment.created", NINE, parcel_id="P1", customer_id="C1", tracking="BV 4711")
    file, sent = a_week(tmp_path / "week.jsonl", lines=[first, second, *others[1:]]), Recording()

    asyncio.run(replay(project, open_memory(), file, reach=Reach(stand_in=sent), until=NINE + 3 * DAY))

    assert sent.sent[0].title.startswith("Your parcel BV 4711 may arrive")
