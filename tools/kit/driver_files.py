"""Files for drivers: a route as GPX, a link as a code to scan."""

from __future__ import annotations

import io
from collections.abc import Iterable
from xml.etree import ElementTree as Xml

from tools.kit.trip_pictures import clock_words, window_words
from tools.store.trip_facts import Trip, TripStop

GPX_SPACE = "http://www.topografix.com/GPX/1/1"
CODE_DOTS = 6


def gpx(trip: Trip, stops: Iterable[TripStop]) -> bytes:
    """The way as GPX 1.1: depots, collects and stops in driving order; a stop without a place is left out."""
    root = Xml.Element("gpx", {"version": "1.1", "creator": "Quartermaster", "xmlns": GPX_SPACE})
    about = Xml.SubElement(root, "metadata")
    _say(about, "name", f"{trip.trip_no} {trip.vehicle} {trip.day.isoformat()}")
    placed = [stop for stop in stops if stop.latitude is not None and stop.longitude is not None]
    for stop in placed:
        _stop(root, "wpt", stop)
    way = Xml.SubElement(root, "rte")
    _say(way, "name", trip.trip_no)
    for point in (one for one in trip.route if one.kind in ("start", "collect")):
        _place(way, "rtept", point.latitude, point.longitude, point.label)
    for stop in placed:
        _stop(way, "rtept", stop)
    for point in (one for one in trip.route if one.kind == "end"):
        _place(way, "rtept", point.latitude, point.longitude, point.label)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _stop(parent: Xml.Element, tag: str, stop: TripStop) -> None:
    name = " ".join(filter(None, (f"{stop.position}.", stop.order_no, stop.name)))
    window = window_words(stop.due_from, stop.due_to)
    told = (clock_words(stop.expected), f"promised {window}" if window else "", stop.address)
    _place(parent, tag, stop.latitude or 0.0, stop.longitude or 0.0, name, ", ".join(filter(None, told)))


def _place(
    parent: Xml.Element, tag: str, latitude: float, longitude: float, name: str, words: str = ""
) -> None:
    place = Xml.SubElement(parent, tag, {"lat": f"{latitude:.6f}", "lon": f"{longitude:.6f}"})
    _say(place, "name", name)
    if words:
        _say(place, "desc", words)


def _say(parent: Xml.Element, tag: str, words: str) -> None:
    """Text without the letters that no XML may carry (XML 1.0, section 2.2)."""
    kept = (letter for letter in words if letter in "\t\n" or " " <= letter < "\ud800" or letter >= "\ue000")
    Xml.SubElement(parent, tag).text = "".join(letter for letter in kept if letter not in "\ufffe\uffff")


def qr_png(text: str) -> bytes:
    """A QR code of the text as PNG, with the free edge that readers need."""
    import numpy as np
    import zxingcpp
    from PIL import Image

    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    dots = np.asarray(zxingcpp.write_barcode_to_image(made, scale=CODE_DOTS, add_quiet_zones=True))
    out = io.BytesIO()
    Image.fromarray(dots).save(out, format="PNG", optimize=True)
    return out.getvalue()
