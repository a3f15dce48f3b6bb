"""The terminal: colours only where a person looks, 100 columns."""

import os
import sys

COLOURED = sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and "NO_COLOR" not in os.environ
CODES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "blue": 34, "magenta": 35, "cyan": 36}
WIDTH = 100


def paint(text, *styles):
    if not COLOURED or not styles:
        return text
    return f"\033[{';'.join(str(CODES[s]) for s in styles)}m{text}\033[0m"


def fit(text, width):
    """Exactly so many columns."""
    return text[: width - 1] + "…" if len(text) > width else text.ljust(width)


def say(text=""):
    print(text, flush=True)


def heading(text):
    say()
    say(paint(text, "bold") + " " + paint("─" * (WIDTH - len(text) - 1), "dim"))


def number(value):
    """1234.5 → 1,234 and 3.25 → 3.2: as many digits as a person reads."""
    return f"{value:,.0f}" if value >= 10 or value == 0 else f"{value:.1f}"
