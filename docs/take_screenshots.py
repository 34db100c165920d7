"""The stories of messages.yaml in, three pictures out: mails as a browser shows them, in the light, in the dark and on a phone.

`make screenshots` runs it, with Chromium and the font Inter (Debian: fonts-inter), which is near to what most screens have.
"""

from pathlib import Path
from typing import Literal, NamedTuple

from docs.chromium import chromium
from docs.render_messages import Told, all_told

IMAGES = Path(__file__).parent / "images"
SHARPNESS = 1.4
LETTERS = "main, footer { font-family: Inter, system-ui }"


class Picture(NamedTuple):
    """What is told (rule, says, language), and how it is looked at. height_px: of the screen; 0 for the whole page."""

    told: tuple[str, str, str]
    scheme: Literal["light", "dark"]
    width_px: int
    height_px: int


PICTURES = {
    "mail-light": Picture(("late-parcel", "is late", "en"), "light", width_px=680, height_px=0),
    "mail-dark": Picture(("payment-failing", "may need another way to pay", "en"), "dark", width_px=680, height_px=0),
    "mail-phone": Picture(("parcel-held-up", "may go back", "de"), "light", width_px=360, height_px=740),
}


def take(told: list[Told]) -> None:
    pages = {(each.rule.name, each.says, each.message.language): each.message.html for each in told}
    with chromium() as browser:
        for name, picture in PICTURES.items():
            screen = {"width": picture.width_px, "height": picture.height_px or 1}
            window = browser.new_page(color_scheme=picture.scheme, viewport=screen, device_scale_factor=SHARPNESS)
            window.set_content(pages[picture.told])
            window.add_style_tag(content=LETTERS)
            window.screenshot(path=IMAGES / f"{name}.png", full_page=not picture.height_px)


if __name__ == "__main__":
    take(all_told())
