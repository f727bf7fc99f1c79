"""Sales that do not fit their pattern."""

from __future__ import annotations

from tools.kit import Ask, Category, Place, Right, Span, planned


@planned(
    examples=(
        "anything odd in sales {period}",
        "anything unusual {period}",
        "anything strange going on with {category} [{period}]",
        "any anomalies {period} [at {location}]",
        "any weird numbers {period}",
        "sales anomalies {category} {period}",
        "unusual sales at {location} {period}",
        "odd sales patterns in {category}",
        "did anything spike {period}",
        "any spikes or drops {period}",
        "what dropped off suddenly {period}",
        "which products had a sudden jump {period}",
        "what sold much less than expected {period}",
        "what is selling unexpectedly well",
        "what took us by surprise {period}",
        "any surprises in the {category} numbers",
        "does anything look off [in the figures] {period}",
        "does anything look fishy at {location}",
        "something looks wrong with {category} sales, what is it",
        "what stands out {period}",
        "anything out of the ordinary {period}",
        "flag anything abnormal in {category} sales",
        "outliers {period}",
        "show outliers for {category}",
        "find unusual days in {period}",
        "which days were not normal {period}",
        "kindly highlight abnormal sales {period}",
        "is there any irregularity in sale of {category}",
        "there is something not normal in {location} {period}?",
        "exceptions report {category} {period}",
        "why did sales dip {period}",
        "what happened with {category} {period}, looks low",
        "was {period} a normal week",
        "is {location} behaving normally",
        "any red flags in the sales {period}",
        "any funny business in the numbers {period}",
        "whats gone haywire {period}",
        "hmm did anything weird happen with sales {period}",
        "anything selling faster than usual",
        "anything that suddenly stopped selling {period}",
        "what went through the roof {period}",
        "what tanked {period}",
        "which {category} are off trend",
        "what is out of line with the usual pattern {period}",
        "detect anomalies in {category}",
        "scan {location} sales for anything peculiar",
        "anomaly check {period}",
    ),
    right=Right.SEE_SALES,
)
def anomalies(
    ask: Ask,
    period: Span | None = None,
    category: Category | None = None,
    location: Place | None = None,
) -> None:
    """Find odd jumps and drops in sales."""
