"""Everyone who brings data: shop folders, exports of tills and web shops, spreadsheets."""

from connectors.feeds.loading import load
from connectors.feeds.report import FileReport, ImportProgress, ImportReport, RefusedRow

__all__ = ["FileReport", "ImportProgress", "ImportReport", "RefusedRow", "load"]
