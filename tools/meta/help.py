"""What can I ask?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.kit import Ask, Reply, Result, Right, Table, Tool, all_tools, tool

TITLES = {
    "stock": "Stock",
    "product": "Products",
    "sales": "Sales",
    "report": "Reports",
    "forecast": "Forecasts",
    "reorder": "Reordering",
    "po": "Purchase orders",
    "supplier": "Suppliers",
    "order": "Customers' orders",
    "route": "Deliveries",
    "delivery": "Deliveries",
    "pricing": "Prices",
    "feedback": "Customers' words",
    "sensor": "Sensors",
    "alert": "Alerts",
    "scenario": "What if",
    "shipment": "Shipments",
    "vehicle": "Vehicles",
    "quality": "Quality",
}
# What a slot looks like in a sentence that shows what can be asked.
SAMPLES = {
    "products": "red mugs",
    "category": "mugs",
    "location": "the warehouse",
    "source": "the warehouse",
    "destination": "the shop",
    "supplier": "Acme",
    "quantity": "3",
    "unit": "cases",
    "period": "last week",
    "field": "price",
    "price": "9.50",
    "reason": "broken",
    "lot": "L12",
    "expiry": "30 June",
    "po": "PO 1042",
    "order": "5531",
    "threshold": "20",
    "percent": "10%",
    "days": "3 days",
    "customer": "Mrs Jones",
    "vehicle": "van 1",
    "sensor": "the fridge",
    "status": "delivered",
    "text": "a customer asked for oat milk",
}
AHEAD = frozenset({"forecast.demand", "shipment.consolidate"})
MOST_LINES = 12


@tool(
    right=Right.TALK,
)
def help(ask: Ask) -> Result:  # noqa: A001 - the file's name is the intent's
    """Tell what can be asked here."""
    usable = [each for each in all_tools().values() if _usable(ask, each)]
    domain = _named_domain(ask.text, usable)
    rows = [{"intent": each.intent, "can": each.description, "example": shown(each)} for each in usable]
    if domain:
        rows = [row for row in rows if row["intent"].split(".")[0] == domain]
        lines = [f"• “{row['example']}”: {row['can']}" for row in rows]
        text = "\n".join([f"{TITLES.get(domain, domain.capitalize())}:", *lines])
        return Reply(text, {"rows": rows, "topic": domain})
    table = Table(("You can", "Say for example"), tuple((row["can"], row["example"]) for row in rows))
    return Reply(_overview(usable), {"rows": rows, "topic": None}, (table,))


def _usable(ask: Ask, each: Tool) -> bool:
    return each.built and not each.intent.startswith("meta.") and ask.may(each.right)


def _named_domain(text: str, usable: Sequence[Tool]) -> str:
    """The topic that "help stock" asks about; "" for all."""
    said = set(re.findall(r"[a-z]+", text.lower()))
    if "help" not in said:
        return ""
    domains = {each.intent.split(".")[0] for each in usable}
    return next((name for name in sorted(domains) if name in said or f"{name}s" in said), "")


def _overview(usable: Sequence[Tool]) -> str:
    """A line for each topic with one example."""
    topics: dict[str, Tool] = {}
    for each in sorted(usable, key=_openers_first):
        topics.setdefault(each.intent.split(".")[0], each)
    lines = [f"• {TITLES.get(name, name.capitalize())}: “{shown(each)}”" for name, each in topics.items()]
    names = [name for name in topics if name in ("stock", "sales")] or list(topics)
    more = (
        f"Say “help {names[0]}” for all of one topic. "
        "“Undo” takes back the last change, “why?” shows where a number is from."
    )
    return "\n".join(["You can ask me in your own words, for example:", *lines[:MOST_LINES], more])


def _openers_first(each: Tool) -> tuple[int, str]:
    openers = ("stock.query", "sales.report", "report.daily", "product.info")
    return (openers.index(each.intent) if each.intent in openers else len(openers), each.intent)


def shown(each: Tool) -> str:
    """A tool's first example as a plain sentence: options left out, first alternatives, sample words."""
    said = filled(each.examples[0]) if each.examples else ""
    return said.replace(SAMPLES["period"], "next week") if each.intent in AHEAD else said


def filled(template: str) -> str:
    """One sentence of a template."""
    text = template
    while "[" in text:
        text = re.sub(r"\s*\[[^\[\]]*\]", "", text)
    while "(" in text:
        text = re.sub(r"\(([^()|]*)[^()]*\)", r"\1", text)
    text = re.sub(r"\{(\w+)\}", lambda slot: SAMPLES.get(slot[1], slot[1]), text)
    return " ".join(text.split())
