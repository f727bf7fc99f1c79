"""Made-up fillings for the slots of example sentences; none is any shop's data."""

from __future__ import annotations

from tools.kit.slots import Kind

GOODS = (
    "scarves", "kettles", "blue vases", "sunflower seeds", "hand soap", "gloves", "notebooks",
    "almond biscuits", "rice",
    "frozen peas", "wool socks", "the large umbrellas", "marmalade", "table lamps", "picture frames",
    "carrots", "lentils",
    "ginger snaps", "cider", "gin", "crisps", "bath towels", "wooden spoons", "bin liners", "pears",
    "shampoo", "yellow pens",
    "cotton shirts", "paracetamol", "batteries", "fudge", "flour", "brown sugar", "sausages",
    "trainers size 9", "tulips",
    "plant pots", "dog biscuits", "the white shelves", "tuna", "muesli", "pasta sauce", "sketch pads",
    "beard oil", "hats",
    "pillows", "calendars", "postcards", "garlic bread", "tomatoes", "onions", "rosé wine", "gift bags",
    "slippers", "clocks",
    "maple syrup", "peanut butter", "granola", "hair clips", "screws 4mm", "paint brushes", "cereal",
    "lip balm", "incense",
)  # fmt: skip
CATEGORIES = ("stationery", "toiletries", "hardware", "frozen", "snacks", "clothing", "garden", "spirits",
    "pet food", "ceramics", "vegetables", "meat")  # fmt: skip
PAST = (
    "last week", "yesterday", "this month", "today", "in january", "last month", "since monday",
    "last tuesday", "this year",
    "in q3", "over the last 30 days", "last quarter", "on friday", "this week", "in the past two weeks",
    "since christmas",
    "last year", "at the weekend", "from 1 to 15 june", "so far this month", "this morning", "last night",
    "last wk", "ytd", "the last fortnight", "in the last 7 days", "since the start of the year", "in may",
    "on saturday", "last weekend", "in 2029", "the past month", "for the last 3 months", "over christmas",
)  # fmt: skip
AHEAD = (
    "next week", "tomorrow", "this week", "by friday", "next month", "in the next 10 days", "before easter",
    "on monday",
    "until sunday", "over the weekend", "in july", "for the next two weeks", "today",
    "by the end of the month", "this month",
    "next quarter", "in 3 days", "for christmas", "up to the bank holiday", "on 5 may", "this afternoon",
    "tmrw", "tonight", "next wk", "this weekend", "by the weekend", "before the 12th", "in two weeks",
    "the week after next", "by month end", "over easter", "on thursday", "for the summer", "next friday",
)  # fmt: skip
FILLINGS: dict[Kind, tuple[str, ...]] = {
    Kind.UNIT: ("cases", "packs", "kg", "boxes", "pcs", "units", "litres", "case", "crates"),
    Kind.DATE: ("20 june", "3/9/2027", "friday", "2027-01-31"),
    Kind.DAYS: ("two weeks", "3 days", "10 days", "a week"),
    Kind.FIELD: ("price", "cost", "supplier", "barcode", "lead time", "pack size", "margin", "shelf life"),
    Kind.STATUS: ("delivered", "failed", "started"),
    Kind.REASON: ("broken", "out of date", "water damage", "for a tasting", "stolen", "mouldy", "miscounted",
    "gone off", "cracked in transit"),
    Kind.LOT: ("l2291", "b 77", "a104"),
    Kind.TEXT: (
        "a customer asked if we stock rice milk", "the lady said the kettle leaks",
        "customer loved the new fudge",
        "someone wanted bigger umbrellas", "the regulars miss the old gin",
        "two people asked for vegan sausages",
        "a man complained the gloves fell apart", "customers say the socks are too thin",
        "a girl asked for left handed scissors",
        "the client thinks our prices are high for soap", "they want the lamps in green",
        "a tourist was after postcards in french",
    ),
}  # fmt: skip
