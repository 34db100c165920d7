"""A plot shows every point where it belongs."""

from xml.etree import ElementTree

from benchmarks.plot import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, plot

SVG = "{http://www.w3.org/2000/svg}"


def test_a_point_stands_where_its_powers_of_ten_are() -> None:
    drawing = ElementTree.fromstring(plot("Cost", {"core": [(10, 1), (100, 10), (1_000, 100)]}, across="rules", up="ns"))
    places = [(float(each.get("cx", "")), float(each.get("cy", ""))) for each in drawing.iter(f"{SVG}circle")]

    assert places == [
        (LEFT, HEIGHT - BOTTOM),
        ((LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2),
        (WIDTH - RIGHT, TOP),
    ]


def test_names_are_text_whatever_stands_in_them() -> None:
    drawing = ElementTree.fromstring(plot("a < b", {"<script>": [(1, 1)]}, across="&", up="ns"))

    said = [each.text for each in drawing.iter(f"{SVG}text")]
    assert {"a < b", "<script>", "against &"} <= set(said)


def test_one_value_has_an_axis_too() -> None:
    drawing = ElementTree.fromstring(plot("Memory", {"one": [(20_000, 5_285)]}, across="cases", up="bytes"))

    assert [(each.get("cx"), each.get("cy")) for each in drawing.iter(f"{SVG}circle")] != []
    assert {"10,000", "100,000", "1,000"} <= {each.text for each in drawing.iter(f"{SVG}text")}
