"""Text for a terminal. What a customer is called, or a person wrote as a reason, must not move its cursor."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import typer

# Control characters of both sets, what turns the direction of writing, and lone surrogates, which nothing can print.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: object) -> str:
    """The text on one line, with every character that is not printed as its escape: `\\x1b`, `\\n`, `\\u202e`."""
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), str(text))


def print_json(value: Any) -> None:
    """On standard output, for programs."""
    typer.echo(json.dumps(value, indent=2, default=str))


def without_secrets(text: str) -> str:
    """A library may put a credential into its message; none of ours is printed or logged."""
    words = ("KEY", "TOKEN", "SECRET", "PASSWORD")
    for name, value in os.environ.items():
        if len(value) >= 6 and any(word in name.upper() for word in words):
            text = text.replace(value, f"<{name}>")
    return text
