"""Form factors: phone, tablet or desktop, by the width of the page alone."""

# CSS pixels of a browser window: hidden frames are narrower, and video walls are not wider.
MIN_WIDTH = 100
MAX_WIDTH = 16_384
# Android's window size classes: phones in portrait are below 600, the narrowest tablet's width
# (sw600dp).
TABLET_WIDTH = 600
# Bootstrap's grid: tablets end and desktops begin at 992.
DESKTOP_WIDTH = 992


def form_factor(width: int | None) -> str | None:
    """Give "phone", "tablet" or "desktop" for a page's width in CSS pixels.

    None if the width is unknown or not a browser's. A phone in landscape is as wide as a tablet,
    and a large tablet in landscape as wide as a desktop: they count as those.
    """
    if width is None or not MIN_WIDTH <= width <= MAX_WIDTH:
        return None
    if width < TABLET_WIDTH:
        return "phone"
    return "tablet" if width < DESKTOP_WIDTH else "desktop"
