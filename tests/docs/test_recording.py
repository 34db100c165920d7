"""The recording of the demo plays by itself, and ends with the score."""

import re
from xml.etree import ElementTree

from docs.record_demo import RECORDING, Frame, moves, page
from tellfirst.demo.words import WHY_NOT

SVG = RECORDING.read_text(encoding="utf-8")


def test_the_recording_is_one_file_that_fetches_nothing() -> None:
    assert ElementTree.fromstring(SVG).tag.endswith("svg")
    assert re.findall(r"https?://[^\"]+", SVG) == ["http://www.w3.org/2000/svg"]
    assert "<script" not in SVG


def test_the_recording_ends_with_the_score_and_what_to_try_next() -> None:
    last = re.sub(r"<[^>]+>|&#160;", " ", SVG[SVG.rindex("<g transform") :])

    assert re.search(r"In\s+\d+\s+of\s+\d+\s+complaints", last)
    assert any(why in re.sub(r"\s+", " ", last) for why in WHY_NOT.values())
    assert "why" in last and "outbox" in last and "rules" in last


def test_every_frame_has_its_time_and_the_last_the_longest() -> None:
    times = [float(move.partition("%")[0]) for move in moves(5, 100)]

    assert times[0] == 0 and times == sorted(times)
    assert 100 - times[-1] > 2 * (times[1] - times[0])


def test_frames_stand_beside_each_other() -> None:
    frame = Frame("", "", '<text clip-path="url(#f0)">story</text>', "", "100", "50", "9", "41")

    assert page([frame, frame]).count("<text>story</text>") == 2
    assert "translate(100,0)" in page([frame, frame])
