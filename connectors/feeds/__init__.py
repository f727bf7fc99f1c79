"""Everyone who brings data: shop folders, exports of tills and web shops, spreadsheets."""

from connectors.feeds.export import ExportReport, export_shop
from connectors.feeds.loading import load, undo_import
from connectors.feeds.report import FileReport, ImportProgress, ImportReport, RefusedRow

__all__ = [
    "ExportReport",
    "FileReport",
    "ImportProgress",
    "ImportReport",
    "RefusedRow",
    "export_shop",
    "load",
    "undo_import",
]
