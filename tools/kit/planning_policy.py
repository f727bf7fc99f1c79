"""How the shop buys: its service levels, review days and costs, in one home."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tools.maths.replenishment import Policy
from tools.maths.replenishment.classes import ABC
from tools.store import Store


@dataclass(frozen=True, slots=True)
class Choice:
    """One figure of the policy that the shop may set: its key, what it means, and what holds without it."""

    key: str
    label: str
    usual: str
    least: str
    most: str


CHOICES = (
    Choice("plan_review_days", "Days from one look at the stock to the next", "7", "1", "90"),
    Choice("plan_service_a", "Service level of A products (most of the money)", "0.97", "0.5", "0.999"),
    Choice("plan_service_b", "Service level of B products", "0.95", "0.5", "0.999"),
    Choice("plan_service_c", "Service level of C products", "0.90", "0.5", "0.999"),
    Choice("plan_holding_rate", "What a year in stock costs, as a share of the cost", "0.25", "0", "2"),
    Choice("plan_order_cost", "What one more line on an order costs in work", "0", "0", "1000"),
    Choice(
        "plan_manager_approves", "The most that a manager may approve in one order", "2000", "0", "1000000"
    ),
)


@dataclass(frozen=True, slots=True)
class ShopPolicy:
    """The figures that hold now.  ``holding_rate`` is a share of the cost a year.

    ``manager_approves`` is the most that an order may cost to be let go by a manager.
    """

    review_days: float = 7.0
    service: tuple[float, float, float] = (0.97, 0.95, 0.90)
    holding_rate: float = 0.25
    order_cost: float = 0.0
    manager_approves: Decimal = Decimal(2_000)

    @property
    def policy(self) -> Policy:
        """For the formulas."""
        return Policy(review_days=self.review_days, order_cost=self.order_cost)

    def level(self, kind: ABC) -> float:
        """The service level of a class."""
        return self.service["ABC".index(kind)]


def shop_policy(store: Store) -> ShopPolicy:
    """The shop's own figures, else the usual ones; a figure that is none counts as not set."""
    read = _reader(store.settings.all())
    return ShopPolicy(
        review_days=read("plan_review_days"),
        service=(read("plan_service_a"), read("plan_service_b"), read("plan_service_c")),
        holding_rate=read("plan_holding_rate"),
        order_cost=read("plan_order_cost"),
        manager_approves=Decimal(str(read("plan_manager_approves"))),
    )


def wrong_choice(key: str, value: str) -> str | None:
    """Why a value cannot be set, as a sentence; None where it can."""
    choice = next((one for one in CHOICES if one.key == key), None)
    if choice is None:
        return f"There is no such choice as {key}."
    if _number(choice, value) is None:
        return f"“{choice.label}” is a number from {choice.least} to {choice.most}, not {value}."
    return None


def _reader(kept: Mapping[str, str]) -> Callable[[str], float]:
    by_key = {choice.key: choice for choice in CHOICES}

    def read(key: str) -> float:
        choice = by_key[key]
        found = _number(choice, kept.get(key, ""))
        return float(choice.usual) if found is None else found

    return read


def _number(choice: Choice, value: str) -> float | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    if not number.is_finite() or not Decimal(choice.least) <= number <= Decimal(choice.most):
        return None
    return float(number)
