"""The alerts that are set, what is quiet, and what is watched anyway."""

from __future__ import annotations

from collections.abc import Sequence

from tools.kit import Ask, Prose, Reply, Result, Right, listed, tool, words
from tools.kit.alerttalk import alert_words, drop_button, mute_words, unmute_button
from tools.kit.watch import all_watches
from tools.store.alert_changes import THRESHOLD
from tools.store.incidents_facts import AlertRule, Mute

MOST_SAID = 12
MOST_BUTTONS = 4


@tool(
    right=Right.SET_ALERTS,
)
def list_(
    ask: Ask,
) -> Result:
    """List the alerts that are set."""
    mine = ask.store.incidents.alerts(ask.user.name, at=ask.now)
    mutes = [one for one in ask.store.incidents.mutes(ask.now) if one.person in ("", ask.user.name)]
    text = "\n".join([_head(mine), *_lines(ask, mine), *_quiet(ask, mutes)])
    buttons = [drop_button(ask, one) for one in mine[:MOST_BUTTONS]]
    buttons += [unmute_button(ask, one) for one in mutes[: 6 - len(buttons)] if one.person]
    data = {
        "rows": [_row(one) for one in mine],
        "mutes": [_mute_row(one) for one in mutes],
        "total": len(mine),
    }
    return Reply(text, data, (Prose(_by_itself(ask)),), tuple(buttons))


def _head(mine: Sequence[AlertRule]) -> str:
    if not mine:
        return "You have set no alerts of your own. Say for example “tell me when red mugs drop below 20”."
    return f"You have {words.plural(len(mine), 'alert')}. I tell you when:"


def _lines(ask: Ask, mine: Sequence[AlertRule]) -> list[str]:
    lines = [f"• {alert_words(ask, one)}" for one in mine[:MOST_SAID]]
    rest = len(mine) - len(lines)
    return [*lines, f"• and {rest} more"] if rest else lines


def _quiet(ask: Ask, mutes: Sequence[Mute]) -> list[str]:
    if not mutes:
        return []
    named = [mute_words(ask, one) + ("" if one.person else " (for everybody)") for one in mutes[:MOST_SAID]]
    return [f"Quiet: {'; '.join(named)}."]


def _by_itself(ask: Ask) -> str:
    """What is watched without anybody asking, for this person's role."""
    seen = [
        one.description.partition(":")[0].lower()
        for rule, one in all_watches().items()
        if rule != THRESHOLD and ask.may(one.right)
    ]
    return f"By myself I watch for: {listed(seen)}."


def _row(one: AlertRule) -> dict[str, object]:
    figures = words.facts(
        threshold=one.threshold, location=one.location or None, category=one.category or None
    )
    return {"alert": one.id, "rule": one.rule, "products": list(one.products), **figures}


def _mute_row(one: Mute) -> dict[str, object]:
    until = one.until.isoformat() if one.until else None
    return {"mute": one.id, "products": list(one.products), "category": one.category or None, "until": until}
