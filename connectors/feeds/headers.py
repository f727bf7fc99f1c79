"""What other people call our columns."""

from __future__ import annotations

import re

# Without case, spaces and signs; of two names for one column, the one that stands first is surer.
_NAMES = """
sku: sku stockcode itemcode productcode itemno itemnumber articleno articlenumber plu variantsku lineitemsku
sku: productid itemid partnumber partno code artikelnummer ref
name: name productname itemname product item description itemdescription productdescription title lineitemname
name: article bezeichnung artikel
variant: variant variation variationname pricepointname option1value size
barcode: barcode ean gtin upc ean13 variantbarcode
category: category department group productgroup type producttype categories dept
unit: unit uom unitofmeasure
aliases: aliases alias othernames
price: price sellprice sellingprice retailprice rrp saleprice unitprice variantprice
cost: cost costprice unitcost costperitem buyprice purchaseprice wholesaleprice
supplier: supplier vendor suppliercode suppliername
pack_size: packsize caseqty casesize qtyperpack packqty
moq: moq minorder minimumorder minorderqty
lead_time_days: leadtimedays leadtime leaddays
shelf_life_days: shelflifedays shelflife
weight_kg: weightkg weight
volume_l: volumel volume
reorder_point: reorderpoint reorderlevel minstock minlevel
location: location store shop site branch outlet warehouse locationcode place
quantity: quantity qty units unitssold qtysold quantitysold lineitemquantity count onhand stock stocklevel
quantity: qtyonhand quantityonhand instock instockqty currentstock available menge
lot: lot batch lotno batchno lotnumber batchnumber
expires_on: expireson expiry expirydate expires bestbefore bbe usebydate useby
sold_at: soldat date datetime saledate transactiondate orderdate invoicedate createdat timestamp datesold
sold_at: solddate datum day created
sold_time: time saletime timeofsale uhrzeit
unit_price: unitprice price priceeach lineitemprice itemprice sellprice saleprice preis
amount: amount total netsales linetotal value salesvalue lineamount revenue nettotal sales
channel: channel source saleschannel
order_ref: orderref order orderno ordernumber invoice invoiceno receipt receiptno transactionid receiptnumber
order_ref: orderid transaction belegnr
customer: customer customerid customercode customername client
note: note notes comment
received_at: receivedat reviewdate reviewcreateddateutc reviewcreateddate reviewcreatedat createtime createdat
received_at: submittedat submissiondate publishedat publishdate postedat postdate reviewedat date datetime
received_at: timestamp created datum updatetime
text: text reviewbody reviewtext reviewcontent reviewcomment body bodytext content review comment comments
text: message feedback customerfeedback remark answer response kommentar bewertungstext bewertung
title: reviewtitle title reviewheadline headline subject betreff
rating: rating reviewrating starrating stars reviewstars reviewscore score productrating overallrating sterne
source_id: reviewid sourceid externalid referenceid reviewreferenceid responseid id
"""
# What a column of reviews means differently from the same word in a list of goods or sales.
_IN_REVIEWS = """
name: product productname producttitle productdescription item itemname itemtitle article producthandle handle
sku: sku productsku variantsku itemsku stockcode productcode itemcode articlenumber
customer: revieweremail authoremail consumeremail customeremail email reviewername reviewerdisplayname
customer: reviewusername consumername authorname displayname nickname reviewer author customer customerid
customer: customername username user name
channel: channel platform
"""
_SPOILERS = re.compile(r"[^a-z0-9]")


def _called(names: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in names.strip().splitlines():
        ours, _, theirs = line.partition(": ")
        found[ours] = (*found.get(ours, ()), *theirs.split())
    return found


CALLED = _called(_NAMES)
REVIEWS = "feedback"
_CALLED_IN_REVIEWS = _called(_IN_REVIEWS)
WHAT = ("sku", "barcode", "name")
FIELDS: dict[str, tuple[str, ...]] = {
    "products": (
        "sku", "name", "variant", "category", "unit", "barcode", "aliases", "price", "cost", "supplier",
        "pack_size", "moq", "lead_time_days", "shelf_life_days", "weight_kg", "volume_l", "reorder_point",
    ),
    "stock": ("sku", "barcode", "name", "variant", "location", "quantity", "lot", "expires_on"),
    "sales": (
        "sold_at", "sold_time", "sku", "barcode", "name", "variant", "category", "location", "quantity",
        "unit_price", "amount", "channel", "order_ref", "customer", "note",
    ),
    REVIEWS: (
        "received_at", "text", "title", "rating", "source_id", "sku", "barcode", "name", "customer",
        "channel",
    ),
}  # fmt: skip
DATES = frozenset(("sold_at", "expires_on", "received_at"))
NUMBERS = frozenset(
    [
        "quantity",
        "unit_price",
        "amount",
        "price",
        "cost",
        "pack_size",
        "moq",
        "lead_time_days",
        "shelf_life_days",
        "weight_kg",
        "volume_l",
        "reorder_point",
    ]
)


def called(kind: str, ours: str) -> tuple[str, ...]:
    """What a column of ours is called in tables of a kind, the surest name first."""
    return (_CALLED_IN_REVIEWS if kind == REVIEWS else CALLED).get(ours, CALLED[ours])


def plain_name(header: str) -> str:
    """A header without case, spaces and signs."""
    return _SPOILERS.sub("", header.lower())
