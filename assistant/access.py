"""Who may do what: role x right x place x amount.  The one home of this rule, for every door."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from tools.kit import Ask, Plan, Right, Tool, listed, words
from tools.kit.planning_policy import shop_policy
from tools.store import User
from tools.store.buying_changes import ApproveOrder, OrderSteps

ROLES = ("owner", "manager", "staff", "driver")

_SEE = frozenset({Right.TALK, Right.SEE_STOCK})
_STAFF = _SEE | {Right.SEE_SALES, Right.MOVE_STOCK, Right.RECORD_SALES, Right.SET_ALERTS}
_MANAGER = _STAFF | {Right.SEE_COSTS, Right.BUY, Right.DELIVER, Right.PLAN_DELIVERIES}

RIGHTS: dict[str, frozenset[Right]] = {
    "owner": _MANAGER | {Right.MANAGE},
    "manager": _MANAGER,
    "staff": _STAFF,
    "driver": _SEE | {Right.DELIVER},
}


@dataclass(frozen=True, slots=True)
class Limit:
    """Money at stake in one change: above ``ask`` a yes is needed, above ``most`` it is refused."""

    ask: Decimal
    most: Decimal | None


LIMITS: dict[str, Limit] = {
    "owner": Limit(Decimal(500), None),
    "manager": Limit(Decimal(250), None),
    "staff": Limit(Decimal(100), Decimal(1_000)),
    "driver": Limit(Decimal(0), Decimal(0)),
}
# What may go out to a supplier without a yes; how much may go out at all is the shop's own choice.
APPROVALS: dict[str, Decimal] = {"owner": Decimal(500), "manager": Decimal(250)}


# Steps of orders that are not here are a buyer's.
_UNDO_RIGHTS = {
    "stock": Right.MOVE_STOCK,
    "receive": Right.MOVE_STOCK,
    "alert": Right.SET_ALERTS,
    "remark": Right.TALK,
    "signal": Right.MOVE_STOCK,
    "upkeep": Right.DELIVER,
    "lot": Right.MOVE_STOCK,
    "stop": Right.DELIVER,
    "trip": Right.PLAN_DELIVERIES,
}


def may(user: User, right: Right) -> bool:
    """Whether this person's role has the right; people who left have none."""
    return user.active and right in RIGHTS.get(user.role, frozenset())


def undo_rights(kinds: Collection[str]) -> tuple[Right, ...]:
    """What it takes to undo a change that wrote these (``Store.made``): what it took to make it."""
    needed = {_UNDO_RIGHTS.get(kind, Right.BUY) for kind in kinds} or {Right.MOVE_STOCK}
    return tuple(sorted(needed))


def refusal(user: User, tool: Tool) -> str | None:
    """Why this person may not use the tool, as a sentence; None where they may."""
    if may(user, tool.right):
        return None
    able = [role for role in ROLES if tool.right in RIGHTS[role]]
    return f"Your role ({user.role}) may not {tool.right.value}; it takes {listed(able, 'or')}."


def too_much(ask: Ask, plan: Plan) -> str | None:
    """Why the amount is beyond this person's limit; None where it is within."""
    most = _limit(ask, plan).most
    if most is None or plan.value <= most:
        return None
    role = ask.user.role
    if _lets_go(plan):
        limit = words.money(most, ask.catalogue.currency)
        return f"That is more than your role ({role}) may approve in one order ({limit}); ask an owner."
    # The figure itself would tell the cost to somebody who may not see costs.
    return f"That is more than your role ({role}) may change at once; ask a manager."


def needs_yes(ask: Ask, plan: Plan) -> bool:
    """Whether the amount alone asks for a yes from somebody with this role."""
    return plan.value > _limit(ask, plan).ask


def _limit(ask: Ask, plan: Plan) -> Limit:
    role, nothing = ask.user.role, Decimal(0)
    if not _lets_go(plan):
        return LIMITS.get(role, Limit(nothing, nothing))
    most = {"owner": None, "manager": shop_policy(ask.store).manager_approves}
    return Limit(APPROVALS.get(role, nothing), most.get(role, nothing))


def _lets_go(plan: Plan) -> bool:
    """Whether it lets an order go out to a supplier."""
    steps = plan.change.steps if isinstance(plan.change, OrderSteps) else (plan.change,)
    return any(isinstance(step, ApproveOrder) for step in steps)
