"""What customers think of what they bought."""

from __future__ import annotations

from decimal import Decimal

from tools.kit import (
    Ask,
    Block,
    Category,
    Period,
    Products,
    Refused,
    Reply,
    Result,
    Right,
    Span,
    Table,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.said import (
    ASPECTS,
    TOLD,
    Aspect,
    Heard,
    quote_row,
    quoted,
    quotes_table,
    unread_words,
    usual_days,
)

MOST_SAID, MOST_QUOTED = 4, 2


@tool(
    right=Right.SEE_SALES,
)
def summary(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    period: Span | None = None,
) -> Result:
    """Sum up what customers say, by what it is about, in their own words."""
    chosen = chosen_products(ask, products, category) if products or category else None
    if isinstance(chosen, Refused):
        return chosen
    skus = None if chosen is None else tuple(product.sku for product in chosen)
    days, assumed = usual_days(ask, period)
    heard = Heard(ask, skus, days)
    name = category or (chosen and words.group_name(chosen)) or ""
    about = f" about {name or words.plural(len(chosen), 'product')}" if chosen else ""
    when = words.during(days, ask.today)
    if not heard.signals:
        return _nothing(ask, about, when, days)
    text = words.sentences(
        _text(heard, about, when), _trend(heard), _in_words(heard), assumed, unread_words(ask)
    )
    data = {
        "rows": [one.row for one in heard.aspects],
        "customers": heard.customers,
        "before": heard.customers_before,
        "quotes": [quote_row(one) for one in heard.quotes()],
        "doubtful": _doubtful(ask, skus, days, len(heard.signals)),
        "period": days.to_json(),
    }
    return Reply(text, data, _blocks(heard, name), sources=(heard.source(),))


def _nothing(ask: Ask, about: str, when: str, days: Period) -> Reply:
    known = ask.store.said.figures()
    data = {"rows": [], "customers": 0, "quotes": [], "period": days.to_json()}
    if not known.remarks:
        return Reply("No customers' words are on record yet. Import reviews, or tell me what they say.", data)
    latest = f" The latest words are of {words.day(known.last, ask.today)}." if known.last else ""
    start = f"Nobody said anything{about} {when} that I can tell.{latest}"
    return Reply(words.sentences(start, unread_words(ask)), data | {"unread": known.never})


def _text(heard: Heard, about: str, when: str) -> str:
    told = [_told(one) for one in heard.aspects]
    verb = "customer" if heard.customers == 1 else "customers"
    return (
        f"{heard.customers} {verb} spoke{about} {when}: {words.first_few(told, MOST_SAID, 'other aspects')}."
    )


def _told(one: Aspect) -> str:
    return f"{one.customers} {TOLD[one.type][one.customers != 1]}"


def _trend(heard: Heard) -> str:
    before = heard.customers_before
    if before is None:
        return ""
    if before == heard.customers:
        return f"As many as in the {heard.days.days} days before."
    more = "up" if heard.customers > before else "down"
    return f"That is {more} from {before} in the {heard.days.days} days before."


def _in_words(heard: Heard) -> str:
    said = [quoted(one.quote) for one in heard.quotes(MOST_QUOTED)]
    return f"In their words: {' and '.join(said)}." if said else ""


def _doubtful(ask: Ask, skus: tuple[str, ...] | None, days: Period, counted: int) -> int:
    """Signals that are not counted because a person should look at them first."""
    every = ask.store.said.signals(skus=skus, since=days.first, until=days.last, confident=False)
    return max(sum(one.type in TOLD for one in every) - counted, 0)


def _blocks(heard: Heard, name: str) -> tuple[Block, ...]:
    before = heard.customers_before is not None
    columns = ("About", "Customers", "Share", *(("Before",) if before else ()))
    rows = tuple(
        (
            ASPECTS[one.type],
            Decimal(one.customers),
            f"{one.share:.0%}",
            *((Decimal(one.before or 0),) if before else ()),
        )
        for one in heard.aspects
    )
    chart = heard.chart(f"What customers say{f' about {name}' if name else ''}")
    blocks: tuple[Block, ...] = (Table(columns, rows), quotes_table(heard.ask, heard.quotes()))
    return (*blocks, chart) if chart else blocks
