"""Buttons of a day's deliveries: what each has to carry stands in its ``detail``."""

from __future__ import annotations

from typing import Any, Literal

from tools.kit.purchases import packed
from tools.kit.reply import Button, Call

INTENT = "route.plan"


def button(
    label: str,
    style: Literal["primary", "default", "danger"] = "default",
    *,
    yes: bool = False,
    **values: Any,
) -> Button:
    """A button of a day's plan; ``yes`` is what a yes in words presses."""
    slots: dict[str, Any] = {"detail": packed(**values)}
    if yes:
        slots["confirmed"] = True
    return Button(label, Call(INTENT, slots), style)
