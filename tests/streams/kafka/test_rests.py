"""Pauses that grow while something fails, each for itself."""

from streams.kafka.rests import LONGEST_SECONDS, Rests


def test_what_fails_again_and_again_is_tried_less_and_less_often_and_what_worked_at_once() -> None:
    rests = Rests(lambda: 0.0)

    pauses = [rests.begin(3) for _ in range(8)]
    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, LONGEST_SECONDS, LONGEST_SECONDS]
    assert rests.begin(4) == 0.1

    rests.worked(3)
    assert rests.begin(3) == 0.1


def test_a_rest_is_over_when_its_time_is() -> None:
    moment = [0.0]
    rests = Rests(lambda: moment[0])
    rests.begin(3)

    assert rests.goes_on(3)
    assert not rests.goes_on(4)
    moment[0] = 0.1
    assert not rests.goes_on(3)
