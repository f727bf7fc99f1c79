"""When stock will be gone at the present pace."""

from __future__ import annotations

from tools.kit import Ask, Category, Place, Products, Right, planned


@planned(
    examples=(
        "when will we run out of {products} [at {location}]",
        "when do {products} run out",
        "how long will {products} last",
        "how long will the {products} we have last",
        "how many days of {products} do we have left",
        "days of cover {products}",
        "days cover for {category} at {location}",
        "weeks of supply {category}",
        "do we have enough {products} to last the week",
        "will {products} last till the weekend",
        "have we got enough {products} to see us through to friday",
        "are we going to make it to monday on {products}",
        "will the {products} hold out until the next delivery",
        "which {category} will run out first",
        "what will we run out of next [at {location}]",
        "what are we going to run out of this week",
        "projected stockout dates for {category}",
        "stockout date {products}",
        "stock out forecast {location}",
        "when do {products} hit zero",
        "when does {products} reach nil stock",
        "how soon are we out of {products} at the current rate",
        "at this pace when are the {products} gone",
        "{products} run out when",
        "{products} when finish",
        "how many days until {products} are finished",
        "kindly tell by when {products} will get over",
        "when stock of {products} will be exhausted",
        "{category} runout",
        "runway on {products}",
        "how much longer can we sell {products} before we have none",
        "when are we going to be clean out of {products}",
        "any chance we run dry on {products} before the weekend",
        "is {location} in danger of running out of {category}",
        "which products are at risk of a stockout",
        "risk of stockout [at {location}]",
        "are we about to sell out of {products}",
        "when do you think well sell out of {products}",
        "will we have any {products} left by saturday",
        "predicted sell out date for {products}",
        "how long have we got on {products}",
        "how many weeks stock of {products} is that",
        "how long til {products} are all gone",
        "for how long is {products} enough",
        "{products} last us how long?",
        "what date do we go out of stock on {products} in {location}",
        "can {products} survive the bank holiday",
        "what is our cover on {category}",
        "give me the time to zero for {products}",
        "will there still be {products} on the shelf in two weeks",
    ),
    right=Right.SEE_STOCK,
)
def stockout(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    location: Place | None = None,
) -> None:
    """Say when stock will run out."""
