"""A batch that fails is halved until one record is left; what fails alone is poison, all else is applied."""

from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.doubt import PATIENCE, Doubt


def work_off(records: int, poison: set[int]) -> tuple[list[int], list[int], int]:
    """Work records 0… off. Return which were applied and which were called poison, and how many batches it took."""
    doubt, at, applied, called, tries = Doubt(), 0, list[int](), list[int](), 0
    while at < records:
        batch = range(at, min(at + (doubt.most or records), records))
        tries += 1
        if poison.isdisjoint(batch):
            applied += batch
            doubt.worked(len(batch))
            at = batch.stop
        elif doubt.failed(at, len(batch)):
            called.append(at)
            at += 1
    return applied, called, tries


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1), max_size=4))))
def test_exactly_the_poison_is_called_so(case: tuple[int, set[int]]) -> None:
    records, poison = case

    applied, called, _ = work_off(records, poison)

    assert called == sorted(poison)
    assert applied == [number for number in range(records) if number not in poison]


def test_one_poisoned_record_of_two_thousand_costs_few_tries() -> None:
    for poison in (0, 1, 999, 1_500, 1_999):
        assert work_off(2_000, {poison})[2] <= 60


def test_a_fault_that_passes_blames_no_record() -> None:
    doubt = Doubt()

    assert not any(doubt.failed(10, 1) for _ in range(PATIENCE - 1))
    doubt.worked(1)
    assert not doubt.failed(11, 1)


def test_a_batch_is_tried_whole_a_few_times_before_it_is_halved() -> None:
    doubt = Doubt()

    sizes = []
    for _ in range(PATIENCE + 1):
        doubt.failed(10, doubt.most or 100)
        sizes.append(doubt.most)

    assert sizes == [None, None, 50, 25]
