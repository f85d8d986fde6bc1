"""Devices: phone, tablet or desktop, told by the width of the page alone."""

# What no browser window has: hidden frames are narrower, and walls of screens are not wider.
MIN_WIDTH = 100
MAX_WIDTH = 16_384
# Android's window size classes: below 600 is a phone upright, 600 the narrowest tablet (sw600dp).
TABLET_WIDTH = 600
# Bootstrap's grid: tablets end and desktops begin at 992.
DESKTOP_WIDTH = 992


def form_factor(width: int | None) -> str | None:
    """Give "phone", "tablet" or "desktop" for a width in CSS pixels.

    None when the width is not known or no browser's. A phone held sideways is as wide as a tablet,
    and a large tablet held sideways as wide as a desktop: they are told as such.
    """
    if width is None or not MIN_WIDTH <= width <= MAX_WIDTH:
        return None
    if width < TABLET_WIDTH:
        return "phone"
    return "tablet" if width < DESKTOP_WIDTH else "desktop"
