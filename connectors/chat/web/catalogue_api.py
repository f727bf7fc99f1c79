"""The HTTP interface: products with their stock, and what can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from fastapi import Path as InPath

from connectors.chat.web.auth import TheVisitor, Visitor, need
from connectors.chat.web.door import Door, TheDoor
from connectors.chat.web.models import (
    NAME,
    SHARED,
    LevelOut,
    ProblemOut,
    ProductDetailOut,
    ProductOut,
    ProductPageOut,
    ToolOut,
)
from connectors.chat.web.samples import sample_sentence
from connectors.chat.web.shelves import Wanted, held_at, levels_of, page_of, visible_places, wanted_skus
from tools.kit import Right, all_tools
from tools.store import Level, Product

router = APIRouter(prefix="/api/v1", tags=["Products"])
NOT_FOUND: dict[int | str, dict[str, Any]] = {
    404: {"model": ProblemOut, "description": "There is no such product"}
}
Filter = Annotated[str, Query(max_length=200, pattern=NAME.replace("+$", "*$"))]


@router.get("/products", summary="Products and what is there of them", responses=SHARED)
def get_products(
    door: TheDoor,
    visitor: TheVisitor,
    search: Filter = "",
    category: Filter = "",
    location: Filter = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> ProductPageOut:
    """Fifty products a page, by name; with ``search`` the best matches come first."""
    need(door, visitor, Right.SEE_STOCK)
    skus = wanted_skus(door, Wanted(search, category))
    places = visible_places(door, visitor.user, location)
    if location:
        held = held_at(door, places or ())
        skus = [sku for sku in skus if sku in held]
    shown, pages = page_of(skus, page)
    levels = levels_of(door, shown, places)
    products = door.house.store.catalogue().products
    costs = door.house.may(visitor.user, Right.SEE_COSTS.value)
    return ProductPageOut(
        page=page,
        pages=pages,
        total=len(skus),
        products=[_product(products[sku], levels.get(sku, ()), costs=costs) for sku in shown],
    )


@router.get("/products/{sku:path}", summary="One product, place by place", responses=SHARED | NOT_FOUND)
def get_product(
    sku: Annotated[str, InPath(max_length=64, pattern=NAME)], door: TheDoor, visitor: TheVisitor
) -> ProductDetailOut:
    """A product by its SKU."""
    need(door, visitor, Right.SEE_STOCK)
    product = door.house.store.catalogue().products.get(sku)
    if product is None:
        raise HTTPException(404, "There is no such product.")
    return _detail(door, visitor, product)


def _detail(door: Door, visitor: Visitor, product: Product) -> ProductDetailOut:
    levels = levels_of(door, (product.sku,), visible_places(door, visitor.user)).get(product.sku, [])
    costs = door.house.may(visitor.user, Right.SEE_COSTS.value)
    return ProductDetailOut(
        **_product(product, levels, costs=costs).model_dump(),
        aliases=list(product.aliases),
        pack_size=product.pack_size,
        levels=[
            LevelOut(
                location=level.location,
                on_hand=level.on_hand,
                reserved=level.reserved,
                available=level.available,
                on_order=level.on_order,
            )
            for level in levels
        ],
    )


def _product(product: Product, levels: Sequence[Level], *, costs: bool) -> ProductOut:
    zero = Decimal(0)
    return ProductOut(
        sku=product.sku,
        name=product.name,
        category=product.category,
        unit=product.unit,
        barcode=product.barcode,
        price=product.price,
        unit_cost=product.cost if costs else None,
        supplier=product.supplier,
        reorder_point=product.reorder_point,
        on_hand=sum((level.on_hand for level in levels), zero),
        reserved=sum((level.reserved for level in levels), zero),
        available=sum((level.available for level in levels), zero),
        on_order=sum((level.on_order for level in levels), zero),
    )


@router.get("/tools", tags=["Messages"], summary="What can be asked", responses=SHARED)
def get_tools(door: TheDoor, visitor: TheVisitor) -> list[ToolOut]:
    """Everything that this person may ask, with an example."""
    return [
        ToolOut(
            intent=tool.intent,
            description=tool.description,
            slots={name: kind.value for name, kind in tool.slot_kinds.items()},
            required=[slot.name for slot in tool.slots if slot.required],
            example=sample_sentence(tool.examples[0]) if tool.examples else "",
            changes_something=tool.writes,
            available=tool.built,
        )
        for tool in all_tools().values()
        if door.house.may(visitor.user, tool.right.value)
    ]
