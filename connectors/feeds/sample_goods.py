"""The goods and people of the demo shop: Kiln & Larder, an invented homeware and deli in Norwich."""

from __future__ import annotations

from dataclasses import dataclass

# SKU, name, unit, price, cost, supplier, pack, shelf life in days, kg, litres, sold per day, season, aliases
GOODS = """
# Mugs
MG-110|Red Mug Small 300ml|each|8.95|3.40|POTROW|6||0.34|0.8|1.6|winter|little red mug
MG-111|Red Mug Large 450ml|each|11.50|4.60|POTROW|6||0.49|1.1|1.1|winter|big red mug
MG-112|Sage Mug Small 300ml|each|8.95|3.40|POTROW|6||0.34|0.8|0.9|winter|little green mug
MG-113|Sage Mug Large 450ml|each|11.50|4.60|POTROW|6||0.49|1.1|0.6|winter|big green mug
MG-114|Cobalt Mug Small 300ml|each|8.95|3.40|POTROW|6||0.34|0.8|1.0|winter|little blue mug
MG-115|Speckled Oat Mug 350ml|each|10.50|4.20|POTROW|6||0.38|0.9|1.3|winter|oat mug
MG-116|Ink Black Mug 350ml|each|9.50|3.80|POTROW|6||0.38|0.9|0.5|winter|
MG-117|Camp Enamel Mug|each|7.50|2.80|TINSMITH|12||0.16|0.7|0.7|summer|tin mug;camping mug
MG-118|Espresso Cup Pair|pack|13.00|5.20|POTROW|4||0.30|0.6|0.3|gift|espresso cups
# Bowls & Plates
BP-210|Cream Dinner Plate 26cm|each|10.50|4.10|POTROW|8||0.68|1.2|0.7|flat|
BP-211|Cream Side Plate 19cm|each|7.25|2.70|POTROW|8||0.40|0.7|0.6|flat|
BP-212|Cobalt Dinner Plate 26cm|each|11.50|4.50|POTROW|8||0.68|1.2|0.4|flat|big blue plate
BP-213|Cream Cereal Bowl|each|8.25|3.10|POTROW|8||0.42|1.0|0.9|flat|breakfast bowl
BP-214|Sage Ramen Bowl|each|12.75|5.00|POTROW|6||0.62|1.6|0.5|winter|noodle bowl
BP-215|Serving Platter Oval|each|27.00|11.50|POTROW|2||1.35|3.0|0.15|gift|
BP-216|Olive Dipping Dish|each|4.95|1.80|POTROW|12||0.14|0.2|0.8|summer|dip bowl
# Glass
GL-310|Ribbed Tumbler|each|5.50|1.95|CLEARWELL|12||0.24|0.5|1.0|summer|
GL-311|Stemless Wine Glass|each|6.25|2.20|CLEARWELL|12||0.19|0.6|0.9|gift|
GL-312|Highball Set of Four|pack|22.00|8.80|CLEARWELL|3||1.10|3.0|0.25|gift|long drink glasses
GL-313|Carafe 750ml|each|16.50|6.90|CLEARWELL|4||0.72|2.0|0.3|summer|water carafe
GL-314|Swing Top Bottle 500ml|each|4.75|1.70|CLEARWELL|12||0.40|0.9|0.6|flat|clip bottle
GL-315|Preserving Jar 1l|each|5.25|1.90|CLEARWELL|12||0.55|1.4|0.8|summer|kilner style jar;jam jar
GL-316|Bud Vase Amber|each|9.00|3.30|CLEARWELL|6||0.30|0.6|0.5|gift|small vase
# Kitchen
KT-410|Beech Chopping Board|each|24.00|10.20|GROVE|4||1.05|2.2|0.35|gift|wooden board
KT-411|Walnut Cheese Board|each|32.00|14.00|GROVE|3||1.20|2.4|0.2|gift|
KT-412|Olive Wood Spoon|each|7.95|2.90|GROVE|12||0.06|0.2|0.8|gift|wooden spoon
KT-413|Rolling Pin Maple|each|14.00|5.60|GROVE|6||0.45|0.9|0.2|flat|
KT-414|Whisk Copper Handle|each|12.50|5.00|TINSMITH|6||0.18|0.9|0.25|flat|
KT-415|Loaf Tin 2lb|each|9.75|3.70|TINSMITH|6||0.38|1.9|0.35|winter|bread tin
KT-416|Cafetiere Six Cup|each|27.50|11.40|TINSMITH|4||0.95|3.2|0.3|gift|french press;coffee press
KT-417|Teapot Cream 1l|each|29.00|12.00|POTROW|3||0.98|3.0|0.25|winter|
KT-418|Salt Pig|each|15.50|6.10|POTROW|4||0.70|1.5|0.2|gift|
# Linen
LN-510|Linen Tea Towel Stripe|each|9.50|3.60|WEFT|10||0.09|0.3|0.9|gift|stripy tea towel;dish towel
LN-511|Linen Tea Towel Check|each|9.50|3.60|WEFT|10||0.09|0.3|0.7|gift|checked tea towel
LN-512|Apron Mustard|each|26.00|10.80|WEFT|5||0.28|0.8|0.3|gift|yellow apron
LN-513|Apron Charcoal|each|26.00|10.80|WEFT|5||0.28|0.8|0.3|gift|grey apron
LN-514|Oven Glove Double|each|16.50|6.60|WEFT|5||0.24|0.9|0.3|winter|oven mitt
LN-515|Napkins Set of Four|pack|19.00|7.70|WEFT|4||0.20|0.5|0.25|gift|cloth napkins
LN-516|Wool Throw Heather|each|64.00|29.00|WEFT|2||1.20|6.0|0.12|winter|purple blanket
LN-517|Shopping Tote Canvas|each|11.00|4.10|WEFT|10||0.15|0.6|0.8|summer|canvas bag
# Candles
CN-610|Candle Fig Large|each|18.50|7.20|GLIMMER|6||0.62|0.9|0.5|gift|
CN-611|Candle Fig Small|each|9.50|3.60|GLIMMER|12||0.24|0.4|0.7|gift|
CN-612|Candle Woodsmoke Large|each|18.50|7.20|GLIMMER|6||0.62|0.9|0.4|winter|smoky candle
CN-613|Candle Sea Salt Small|each|9.50|3.60|GLIMMER|12||0.24|0.4|0.5|summer|
CN-614|Beeswax Dinner Candles Pair|pack|8.25|3.10|GLIMMER|12||0.18|0.4|0.8|winter|table candles
CN-615|Tealights Bag of 30|pack|6.50|2.30|GLIMMER|10||0.45|0.8|0.9|winter|tea lights
CN-616|Room Mist Rosemary|each|14.00|5.50|GLIMMER|6||0.22|0.3|0.25|flat|room spray
# Coffee & Tea
CT-710|House Roast Beans 250g|pack|7.80|4.10|ANCHOR|12|365|0.26|0.8|3.2|flat|house coffee;house blend
CT-711|House Roast Beans 1kg|pack|26.00|14.00|ANCHOR|6|365|1.02|3.0|0.9|flat|big bag of coffee
CT-712|Colombian Ground 250g|pack|8.20|4.40|ANCHOR|12|365|0.26|0.8|1.7|flat|
CT-713|Decaf Beans 250g|pack|8.40|4.60|ANCHOR|12|365|0.26|0.8|0.9|flat|decaf
CT-714|Norfolk Breakfast Tea 80 Bags|pack|5.20|2.40|ANCHOR|12|720|0.26|1.1|2.2|winter|builders tea
CT-715|Earl Grey Loose 125g|pack|6.40|2.90|ANCHOR|12|720|0.15|0.6|0.8|flat|
CT-716|Peppermint Tea 20 Bags|pack|3.60|1.50|ANCHOR|12|720|0.06|0.4|1.2|flat|mint tea
CT-717|Drinking Chocolate 300g|pack|7.90|3.80|ANCHOR|8|540|0.34|0.9|1.0|winter|hot chocolate
# Cheese
CH-810|Farmhouse Cheddar Wedge 250g|each|5.60|3.30|MEADOW|12|45|0.25|0.4|3.0|gift|cheddar
CH-811|Norfolk Blue 200g|each|5.95|3.60|MEADOW|10|30|0.20|0.3|1.4|gift|blue cheese
CH-812|Soft Goat's Log 150g|each|4.40|2.60|MEADOW|12|21|0.15|0.3|1.8|summer|goats cheese
CH-813|Wensleydale with Apricot 200g|each|5.20|3.10|MEADOW|10|40|0.20|0.3|0.9|gift|apricot cheese
CH-814|Halloumi Block 225g|each|4.20|2.50|MEADOW|16|90|0.23|0.4|2.2|summer|squeaky cheese
CH-815|Parmesan Cut Per Kilo|kg|28.00|18.50|MEADOW|1|120|1.00|1.2|0.5|gift|parmesan
CH-816|Camembert Baker 250g|each|5.80|3.50|MEADOW|8|28|0.26|0.5|1.2|winter|baking camembert
# Dairy
DY-820|Whole Milk 1l|each|1.55|0.98|MEADOW|12|9|1.04|1.1|9.0|flat|full fat milk;blue top
DY-821|Semi Skimmed Milk 1l|each|1.50|0.94|MEADOW|12|9|1.04|1.1|12.0|flat|green top
DY-822|Whole Milk 2l|each|2.60|1.70|MEADOW|6|9|2.08|2.2|5.0|flat|big milk
DY-823|Barista Oat Drink 1l|each|2.30|1.45|MEADOW|6|180|1.05|1.1|4.0|flat|oat milk
DY-824|Salted Butter 250g|each|2.75|1.80|MEADOW|20|60|0.25|0.3|5.0|winter|butter
DY-825|Greek Style Yogurt 450g|each|3.10|1.90|MEADOW|6|24|0.47|0.5|3.0|summer|greek yoghurt
DY-826|Double Cream 300ml|each|2.10|1.25|MEADOW|12|14|0.31|0.4|2.6|gift|
DY-827|Free Range Eggs Box of 12|pack|3.95|2.55|HENRIDGE|10|24|0.78|1.8|4.5|flat|dozen eggs;eggs
# Bakery
BK-830|White Sourdough 800g|each|4.60|2.40|OVENSIDE|8|3|0.80|3.0|9.0|weekend|big sourdough
BK-831|Seeded Sourdough 800g|each|4.90|2.60|OVENSIDE|8|3|0.80|3.0|6.0|weekend|seeded loaf
BK-832|Wholemeal Tin 400g|each|2.80|1.40|OVENSIDE|10|4|0.40|1.6|4.0|flat|small brown loaf
BK-833|Butter Croissant|each|2.10|0.95|OVENSIDE|24|2|0.08|0.5|14.0|weekend|croissants
BK-834|Cinnamon Bun|each|2.60|1.15|OVENSIDE|12|2|0.11|0.5|9.0|weekend|cinnamon swirl
BK-835|Baguette|each|1.95|0.85|OVENSIDE|20|2|0.25|1.5|8.0|weekend|french stick
BK-836|Olive Focaccia|each|4.40|2.10|OVENSIDE|8|3|0.35|1.8|3.0|summer|
# Deli
DL-840|Serrano Style Ham 100g|each|4.60|2.70|HARBERT|20|28|0.10|0.2|2.2|summer|serrano
DL-841|Fennel Salami 80g|each|4.10|2.40|HARBERT|20|60|0.08|0.2|1.6|summer|salami
DL-842|Smoked Trout 120g|each|6.20|3.80|HARBERT|12|21|0.12|0.2|1.3|gift|trout
DL-843|Green Olives Garlic 200g|each|3.90|2.10|HARBERT|12|60|0.21|0.3|2.4|summer|garlic olives
DL-844|Houmous 200g|each|2.95|1.60|HARBERT|12|12|0.20|0.3|3.6|summer|hummus
DL-845|Sun Dried Tomatoes 190g|each|4.20|2.20|HARBERT|12|365|0.30|0.3|0.9|summer|
DL-846|Caramelised Onion Chutney 280g|each|4.50|2.10|HARBERT|12|540|0.45|0.4|1.0|gift|onion chutney
DL-847|Piccalilli 300g|each|4.25|2.00|HARBERT|12|540|0.48|0.4|0.6|winter|
DL-848|Oatcakes Thick 250g|pack|2.60|1.30|HARBERT|15|240|0.26|0.6|1.8|gift|oat biscuits
DL-849|Cold Pressed Rapeseed Oil 500ml|each|6.80|3.70|HARBERT|6|540|0.85|0.7|0.9|flat|rapeseed oil
# Fruit & Veg
FV-850|Cox Apples|kg|3.40|1.80|FENLAND|5|21|1.00|1.6|4.0|winter|apples
FV-851|Conference Pears|kg|3.60|1.95|FENLAND|5|14|1.00|1.6|2.5|winter|pears
FV-852|Vine Tomatoes|kg|4.20|2.30|FENLAND|5|9|1.00|1.7|4.5|summer|tomatoes
FV-853|Strawberries 400g|each|3.80|2.10|FENLAND|8|5|0.42|0.9|3.0|summer|
FV-854|New Potatoes|kg|2.40|1.15|FENLAND|10|20|1.00|1.5|5.0|summer|potatoes
FV-855|Lemons|each|0.55|0.26|FENLAND|40|28|0.12|0.2|9.0|flat|
FV-856|Salad Leaves 120g|each|2.40|1.25|FENLAND|12|6|0.13|0.9|3.5|summer|mixed salad
# Chocolate & Sweets
SW-860|Dark Chocolate 70% Bar|each|4.20|2.10|COCOAWORKS|15|365|0.09|0.1|2.0|gift|dark chocolate
SW-861|Milk Chocolate Sea Salt Bar|each|4.20|2.10|COCOAWORKS|15|300|0.09|0.1|2.4|gift|salted chocolate
SW-862|White Chocolate Raspberry Bar|each|4.20|2.10|COCOAWORKS|15|270|0.09|0.1|1.1|gift|
SW-863|Truffle Box of Nine|each|11.50|5.60|COCOAWORKS|8|120|0.16|0.4|0.8|gift|truffles
SW-864|Clotted Cream Fudge 150g|each|4.75|2.20|COCOAWORKS|12|180|0.16|0.3|1.2|gift|fudge
SW-865|Peppermint Creams 120g|each|4.50|2.10|COCOAWORKS|12|240|0.13|0.3|0.7|gift|mint chocolates
SW-866|Sherbet Lemons Jar|each|5.50|2.40|COCOAWORKS|10|540|0.35|0.6|0.6|flat|lemon sweets
# Drinks
DR-870|Cloudy Apple Juice 750ml|each|3.90|2.10|FENLAND|12|270|1.20|0.9|2.2|summer|apple juice
DR-871|Elderflower Pressé 750ml|each|4.25|2.20|FENLAND|12|365|1.20|0.9|1.7|summer|elderflower
DR-872|Ginger Beer 330ml|each|2.20|1.05|FENLAND|24|365|0.36|0.4|3.0|summer|
DR-873|Tonic Water 200ml|each|1.30|0.60|FENLAND|24|540|0.22|0.3|2.6|summer|tonic
DR-874|Kombucha Hibiscus 330ml|each|3.10|1.70|FENLAND|12|120|0.36|0.4|1.3|summer|kombucha
DR-875|Sparkling Water 750ml|each|1.80|0.75|FENLAND|12|720|1.25|0.9|2.4|summer|fizzy water
# Cards & Gifts
GF-880|Birthday Card Hare|each|3.25|1.10|INKWELL|24||0.02|0.1|1.6|flat|hare card
GF-881|Birthday Card Poppies|each|3.25|1.10|INKWELL|24||0.02|0.1|1.4|flat|poppy card
GF-882|Thank You Cards Pack of 8|pack|7.95|2.90|INKWELL|12||0.12|0.3|0.6|gift|thank you cards
GF-883|Gift Wrap Botanical Roll|each|5.50|2.00|INKWELL|20||0.18|1.2|0.8|gift|wrapping paper
GF-884|Notebook Clothbound|each|12.00|4.80|INKWELL|10||0.28|0.5|0.5|gift|
GF-885|Picnic Blanket Tartan|each|38.00|16.50|WEFT|3||1.10|7.0|0.15|summer|picnic rug
GF-886|Deli Hamper Classic|each|55.00|31.00|HARBERT|2|90|3.20|14.0|0.15|gift|hamper
"""

LOCATIONS = (
    ("MARKET", "Market Place shop", "shop", 52.62840, 1.29260),
    ("STATION", "Station Road shop", "shop", 52.62690, 1.30690),
    ("STORE", "Warehouse", "warehouse", 52.64510, 1.26480),
    ("COLD", "Walk-in fridge", "fridge", 52.62835, 1.29270),
)

# Code, name, e-mail, lead time in days, least order, how many days late it tends to be.
SUPPLIERS = (
    ("POTROW", "Potters Row", "orders@pottersrow.example", 12, 160, 1),
    ("TINSMITH", "Tinsmith & Daughters", "sales@tinsmith.example", 9, 120, 0),
    ("CLEARWELL", "Clearwell Glass", "orders@clearwell.example", 10, 150, 2),
    ("GROVE", "Grove Woodcraft", "hello@grovewood.example", 14, 140, 4),
    ("WEFT", "Weft Mill", "trade@weftmill.example", 15, 180, 0),
    ("GLIMMER", "Glimmer Candle Works", "orders@glimmer.example", 8, 100, 0),
    ("ANCHOR", "Anchor Tea & Coffee", "trade@anchortea.example", 4, 120, 0),
    ("MEADOW", "Meadow Farm Dairy", "orders@meadowfarm.example", 1, 50, 0),
    ("HENRIDGE", "Henridge Eggs", "eggs@henridge.example", 2, 25, 0),
    ("OVENSIDE", "Ovenside Bakery", "bread@ovenside.example", 1, 30, 0),
    ("HARBERT", "Harbert Fine Foods", "orders@harbert.example", 3, 110, 1),
    ("FENLAND", "Fenland Growers", "boxes@fenland.example", 2, 60, 0),
    ("COCOAWORKS", "Cocoa Works", "wholesale@cocoaworks.example", 6, 100, 0),
    ("INKWELL", "Inkwell Cards", "trade@inkwell.example", 7, 80, 0),
)

CUSTOMERS = (
    "Mrs Harriet Lowe", "Mr Gordon Pike", "Ms Aisha Rahman", "Dr Colin Mather", "Mrs Wendy Sharp",
    "Mr Luca Ferri", "Miss Tamsin Rooke", "Mr Dennis Yallop", "Mrs Joan Bullard", "Ms Keiko Tanaka",
    "Mr Robert Gaze", "Mrs Patricia Howes", "The Lamb Café", "Riverside Guest House", "Mr Samuel Adeyemi",
    "Ms Bridget Dunne", "Mrs Olga Petrova", "Mr Frank Utting", "Elm Hill Bookshop", "Ms Nadia Costa",
)  # fmt: skip

STREETS = (
    "Unthank Road", "Magdalen Street", "Earlham Road", "Dereham Road", "Ipswich Road", "Thorpe Road",
    "Newmarket Road", "Aylsham Road", "Silver Road", "St Giles Street",
)  # fmt: skip

USERS = (
    ("Ruth Ellison", "owner", "", ""),
    ("Dev Kapoor", "manager", "", ""),
    ("Molly Crane", "staff", "", ""),
    ("Jakub Zielinski", "staff", "", ""),
    ("Femi Balogun", "driver", "", ""),
)

VEHICLES = (
    ("VAN", "Green van", 780, 4800, "STORE", "08:00", "17:30", 48210),
    ("TRIKE", "Cargo trike", 120, 300, "MARKET", "10:00", "16:00", 2960),
)

# Days ago, channel, SKU or nothing, rating or nothing, text.
REMARKS = (
    (1, "in_store", "MG-111", 5, "Bought the large red mug, now everyone in the office wants one."),
    (1, "email", "DY-825", 2, "The yogurt was runny and only two days from its date."),
    (2, "in_store", "", None, "Do you sell gluten free bread? I would buy it every week."),
    (2, "web", "CH-812", 2, "Goat's log tasted warm when I got it home, is your fridge all right?"),
    (3, "in_store", "BK-833", 5, "Best croissants in Norwich."),
    (3, "phone", "", None, "Any chance you could stock a matching red teapot?"),
    (4, "review", "CT-710", 5, "House roast is lovely, great price for the quality."),
    (5, "in_store", "", None, "A customer asked whether we do soy candles in tins."),
    (6, "in_store", "GL-310", 2, "Two of the tumblers chipped in the dishwasher."),
    (7, "email", "GL-310", 1, "A ribbed tumbler cracked when I poured tea in. Not happy."),
    (8, "web", "LN-516", 4, "Beautiful throw but rather dear."),
    (9, "in_store", "", None, "Could you do lactose free milk?"),
    (10, "in_store", "BK-830", 3, "Sourdough sold out again by eleven, please bake more."),
    (12, "review", "SW-861", 5, "The sea salt chocolate is dangerous."),
    (13, "phone", "GF-886", 4, "Hamper arrived on time and looked splendid."),
    (15, "in_store", "", None, "Have you thought about refill jars for coffee and rice?"),
    (17, "email", "KT-416", 2, "The lid of the cafetiere does not sit tight."),
    (19, "in_store", "DL-843", 5, "Those garlic olives! More please."),
    (22, "web", "", 2, "Delivery came an hour late, but the driver was kind."),
    (25, "in_store", "MG-110", 4, "Small red mug is just right for a flat white."),
    (28, "in_store", "", None, "Do you have gluten free oatcakes?"),
    (33, "review", "CN-612", 3, "Woodsmoke candle smells nice but burns quickly."),
    (38, "in_store", "DR-874", 4, "Glad you have kombucha now, is there a ginger one?"),
    (44, "email", "BP-214", 5, "Ramen bowl is the perfect size."),
    (52, "in_store", "FV-853", 2, "Strawberries were soft on the day I bought them."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Good:
    """One product of the demo shop; ``rate`` is what both shops together sell on a plain day."""

    sku: str
    name: str
    category: str
    unit: str
    price: float
    cost: float
    supplier: str
    pack: int
    shelf: int | None
    kilograms: float
    litres: float
    rate: float
    season: str
    aliases: str

    @property
    def chilled(self) -> bool:
        """Whether it is kept in the fridge."""
        return self.category in ("Cheese", "Dairy") or self.sku in ("DL-840", "DL-841", "DL-842", "DL-844")


def goods() -> tuple[Good, ...]:
    """All products of the demo shop."""
    found, category = [], ""
    for line in GOODS.strip().splitlines():
        if line.startswith("# "):
            category = line[2:]
        else:
            found.append(_good(line, category))
    return tuple(found)


def _good(line: str, category: str) -> Good:
    sku, name, unit, price, cost, supplier, pack, shelf, weight, volume, rate, season, aliases = line.split(
        "|"
    )
    numbers = (float(price), float(cost), supplier, int(pack), int(shelf) if shelf else None)
    return Good(
        sku, name, category, unit, *numbers, float(weight), float(volume), float(rate), season, aliases
    )
