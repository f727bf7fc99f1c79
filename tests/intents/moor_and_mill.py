"""A shop of its own for the tests of understanding: "Moor & Mill", tools, paint, garden and food."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tools.store import Catalogue, Location, Named, Product, Sensor, Supplier

NOW = datetime(2027, 6, 9, 10, 0)
"""A Wednesday."""

_ROWS = """
HAM-CLW-16|Claw Hammer 16oz|Tools|each|4000000000016|IRONWK|12.00|
HAM-CLW-20|Claw Hammer 20oz|Tools|each|4000000000023|IRONWK|15.00|
HAM-SLD|Sledge Hammer|Tools|each||IRONWK|34.00|big hammer
SCR-PHL-S|Phillips Screwdriver Small|Tools|each||IRONWK|5.00|
SCR-PHL-L|Phillips Screwdriver Large|Tools|each||IRONWK|7.00|
SCR-SET-6|Screwdriver Set of 6|Tools|pack||IRONWK|19.00|
SAW-HND|Hand Saw|Tools|each||IRONWK|18.00|panel saw
TAP-MSR-5|Tape Measure 5m|Tools|each||IRONWK|8.00|
TAP-MSK|Masking Tape 50m|Paint|each||COLORM|3.00|
PNT-WHT-1L|White Emulsion Paint 1L|Paint|each||COLORM|14.00|
PNT-WHT-5L|White Emulsion Paint 5L|Paint|each|4000000000511|COLORM|39.00|
PNT-BLU-1L|Blue Gloss Paint 1L|Paint|each||COLORM|16.00|
PNT-RED-1L|Red Gloss Paint 1L|Paint|each||COLORM|16.00|
BRU-FLT-25|Flat Paint Brush 25mm|Paint|each||COLORM|3.50|
BRU-FLT-50|Flat Paint Brush 50mm|Paint|each||COLORM|5.50|
VRN-OAK-750|Oak Varnish 750ml|Paint|each||COLORM|13.00|
SED-TOM|Tomato Seeds|Garden|pack||SEEDCO|2.20|
SED-SUN|Sunflower Seeds|Garden|pack||SEEDCO|2.00|
POT-TER-15|Terracotta Pot 15cm|Garden|each||SEEDCO|4.00|small clay pot
POT-TER-25|Terracotta Pot 25cm|Garden|each||SEEDCO|7.00|large clay pot
POT-BLU-20|Blue Glazed Pot 20cm|Garden|each||SEEDCO|11.00|
CMP-MUL-20|Multipurpose Compost 20L|Garden|each||SEEDCO|5.00|
CMP-MUL-50|Multipurpose Compost 50L|Garden|each||SEEDCO|9.00|
GLV-GRD-M|Garden Gloves Medium|Garden|each||SEEDCO|6.00|
GLV-GRD-L|Garden Gloves Large|Garden|each||SEEDCO|6.00|
HOS-GRD-15|Garden Hose 15m|Garden|each||SEEDCO|21.00|hosepipe
HNY-CLV-340|Clover Honey 340g|Pantry|each||MEADOW|6.00|
JAM-APR-340|Apricot Jam 340g|Pantry|each||MEADOW|4.00|
JAM-PLM-340|Plum Jam 340g|Pantry|each||MEADOW|4.00|
BIS-OAT-200|Oat Biscuits 200g|Pantry|pack||OVENS|3.00|
BIS-GIN-200|Ginger Biscuits 200g|Pantry|pack||OVENS|3.00|ginger nuts
COF-GRD-250|Ground Coffee 250g|Pantry|pack||MEADOW|7.00|filter coffee
MLK-COW-1L|Cow Milk 1L|Dairy|each||MEADOW|1.40|
MLK-GOA-1L|Goat Milk 1L|Dairy|each||MEADOW|2.10|
CHS-GOA-200|Goat Cheese 200g|Dairy|each||MEADOW|4.40|
BUT-FRM-250|Farm Butter 250g|Dairy|each||MEADOW|2.90|
EGG-DUC-6|Duck Eggs Box of 6|Dairy|pack||MEADOW|3.30|
BRD-SPL-600|Spelt Loaf 600g|Bakery|each||OVENS|4.10|
BRD-COB-400|Granary Cob 400g|Bakery|each||OVENS|2.80|granary roll
CAK-CAR|Carrot Cake|Bakery|each||OVENS|16.00|
CAK-LEM|Lemon Drizzle Cake|Bakery|each||OVENS|14.00|lemon drizzle
PAS-CHB|Chelsea Bun|Bakery|each||OVENS|1.90|
TWL-BCH-RED|Red Beach Towel|Home|each||COLORM|17.00|
TWL-HND-WHT|White Hand Towel|Home|each||COLORM|8.00|
LMP-DSK-BLK|Black Desk Lamp|Home|each|4000000000998|COLORM|29.00|
LMP-FLR-BRS|Brass Floor Lamp|Home|each||COLORM|79.00|
CSH-MIL|Mill Print Cushion|Home|each||COLORM|20.00|
MLK-FRT|Milk Frother|Home|each||COLORM|15.00|
ORA-KG|Oranges|Pantry|kg||MEADOW|3.00|
"""


def _product(number: int, row: str) -> Product:
    sku, name, category, unit, barcode, supplier, price, aliases = row.split("|")
    return Product(
        number,
        sku,
        name,
        category,
        unit,
        barcode,
        tuple(filter(None, aliases.split(";"))),
        Decimal(price),
        supplier=supplier,
    )


def moor_and_mill(version: int = 1) -> Catalogue:
    """The shop's names."""
    products = [_product(number, row) for number, row in enumerate(_ROWS.strip().splitlines(), 1)]
    categories: dict[str, tuple[str, ...]] = {}
    for product in products:
        categories[product.category] = (*categories.get(product.category, ()), product.sku)
    return Catalogue(
        version,
        {product.sku: product for product in products},
        (
            Location(1, "MILL", "Mill Lane shop"),
            Location(2, "QUAY", "Quayside kiosk"),
            Location(3, "DEPOT", "Depot", "warehouse"),
            Location(4, "COLD", "Cold room", "fridge"),
        ),
        (
            Supplier(1, "IRONWK", "Ironworks Tools"),
            Supplier(2, "COLORM", "Colour & Mix Ltd"),
            Supplier(3, "MEADOW", "Meadow Farm Dairy"),
            Supplier(4, "SEEDCO", "Seed Company of Kent"),
            Supplier(5, "OVENS", "Old Oven Bakehouse"),
        ),
        (
            Named("K01", "Mrs Anne Baker"),
            Named("K02", "Mr Tom Baker"),
            Named("K03", "Dr Lena Novotny"),
            Named("K04", "The Anchor Inn"),
            Named("K05", "Seaview Nursery School"),
        ),
        (Named("TRK1", "Red truck"), Named("VAN7", "Grey van")),
        (Sensor("CR-T1", "Cold room temperature", "temperature", "COLD", 1.0, 5.0),),
        categories,
        "GBP",
        frozenset({"70011", "70012", "70013", "70020"}),
        frozenset({"PO-301", "PO-302", "PO-310"}),
    )
