"""How far earlier forecasts were off."""

from __future__ import annotations

from tools.kit import Ask, Category, Products, Right, Span, planned


@planned(
    examples=(
        "how good have the forecasts been",
        "how accurate is the forecast for {products}",
        "how accurate were you {period}",
        "forecast accuracy {category} [{period}]",
        "forecast error {products}",
        "forecast vs actual {period}",
        "forecast versus actuals for {category}",
        "predicted against actual sales of {products} {period}",
        "did the {products} forecast come true",
        "how far off was the forecast {period}",
        "how far out were your predictions for {category}",
        "how wrong were you about {products} {period}",
        "were you right about {products} {period}",
        "was the prediction for {category} any good",
        "can I trust the forecast [for {products}]",
        "can we rely on your numbers for {category}",
        "how reliable are your predictions",
        "how reliable is the demand forecast for {products}",
        "mape for {category}",
        "what is the mean error on {products}",
        "bias in the {category} forecast",
        "do you over forecast {products}",
        "are you always guessing too high on {category}",
        "do your predictions run low or high",
        "which products do you forecast badly",
        "what do you get wrong the most",
        "where does the forecast miss",
        "worst forecast items {period}",
        "kindly show accuracy of forecast for {products}",
        "your estimation of {products} was correct or not",
        "how well did you predict {period}",
        "how close did you get on {products} {period}",
        "compare what you predicted with what we sold {period}",
        "you said wed sell more {products}, how did that turn out",
        "check the {period} forecast against what happened",
        "track record on {category} please",
        "whats your hit rate",
        "fcst accuracy {products} {period}",
        "fcst err {category}",
        "forecast performance {period}",
        "review of the forecasts {period}",
        "did you get {category} right {period}",
        "how confident are you in the {products} forecast",
        "how often is the forecast out",
        "is your crystal ball any good for {products}",
        "score your own forecasts for {period}",
        "what was the error on {products} {period}",
        "how did the model do {period}",
    ),
    right=Right.SEE_SALES,
)
def accuracy(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    period: Span | None = None,
) -> None:
    """Show how good the forecasts have been."""
