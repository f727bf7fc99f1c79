"""Data doors: shop folders, tables, exports."""
