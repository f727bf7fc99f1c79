"""Which place should fulfil a customer's order."""

from __future__ import annotations

from tools.kit import Ask, OrderNumber, Right, planned


@planned(
    examples=(
        "which shop should send order {order}",
        "which location should fulfil order {order}",
        "which store should fulfill {order}",
        "which branch should we ship {order} from",
        "which site has everything for order {order}",
        "where should order {order} ship from",
        "where should we send {order} from",
        "where should {order} be picked",
        "where do we fulfil {order}",
        "where to pick order {order} from",
        "from where should order {order} be dispatched",
        "from which shop we must send {order}",
        "from which place shall we send order {order}",
        "who should pack {order}",
        "who should fulfil order {order}",
        "who sends {order}",
        "who can ship {order} quickest",
        "best place to ship {order} from",
        "best location for order {order}",
        "best store for {order}",
        "cheapest place to send {order} from",
        "nearest shop that can do order {order}",
        "can one shop fill the whole of order {order}",
        "can we fulfil {order} from one place",
        "do we need to split order {order}",
        "should we split {order}",
        "should {order} go from the shop or the warehouse",
        "should the warehouse take {order}",
        "route order {order}",
        "route {order} to the right shop",
        "order routing {order}",
        "order {order} ship from where",
        "{order} fulfil from?",
        "{order} which shop?",
        "allocate order {order}",
        "allocate {order} to a shop",
        "assign order {order} to a location",
        "assign {order} to whichever store has it",
        "decide who ships {order}",
        "decide where {order} goes out from",
        "pick a shop for {order}",
        "pick the best store to send {order}",
        "choose a location for order {order}",
        "source order {order}",
        "find the best fulfilment location for {order}",
        "find which shop can fulfil {order}",
        "kindly suggest which branch should dispatch order {order}",
        "kindly allocate {order} to nearest store",
        "fulfilment for {order}",
        "fulfillment location {order}",
        "work out the best way to fill order {order}",
        "what is the smartest place to send {order} from",
    ),
    right=Right.PLAN_DELIVERIES,
)
def route(
    ask: Ask,
    order: OrderNumber | None = None,
) -> None:
    """Choose the place that sends an order."""
