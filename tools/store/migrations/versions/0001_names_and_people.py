"""Names, people, conversations, imports; and the places that are on no map."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES = (
    "action",
    "conversation",
    "customer",
    "import_run",
    "location",
    "message",
    "sensor",
    "setting",
    "supplier",
    "user_account",
    "vehicle",
    "access_token",
    "import_change",
    "product",
    "sensor_reading",
    "user_location",
    "lot",
    "product_alias",
)
VIRTUAL = (
    ("@supplier", "Suppliers", "supplier"),
    ("@customer", "Customers", "customer"),
    ("@adjustment", "Adjustments", "adjustment"),
    ("@scrap", "Scrap", "scrap"),
    ("@transit", "On the road", "transit"),
    ("@opening", "Opening stock", "opening"),
)


def upgrade() -> None:
    """Make the tables and the virtual places."""
    _tables()
    location = sa.table("location", *(sa.column(name) for name in ("code", "name", "kind", "active")))
    rows = [{"code": code, "name": name, "kind": kind, "active": True} for code, name, kind in VIRTUAL]
    op.bulk_insert(location, rows)


def downgrade() -> None:
    """Remove the tables, and what is in them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _tables() -> None:
    op.create_table(
        "action",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("user", sa.String(length=120), nullable=False),
        sa.Column("offer", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("style", sa.String(length=16), nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=False),
        sa.Column("slots", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("used_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index("ix_action_conversation", "action", ["conversation"])
    op.create_index("ix_action_offer", "action", ["offer"])
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("user", sa.String(length=120), nullable=False),
        sa.Column("memory", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", "user"),
    )
    op.create_table(
        "customer",
        sa.Column("id", Identity, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "import_run",
        sa.Column("id", Identity, nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_import_run_content_hash", "import_run", ["content_hash"])
    op.create_table(
        "location",
        sa.Column("id", Identity, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("latitude", sa.Float()),
        sa.Column("longitude", sa.Float()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "message",
        sa.Column("id", Identity, nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("user", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("conversation", "event_id"),
    )
    op.create_index("ix_message_conversation_id", "message", ["conversation", "id"])
    op.create_table(
        "sensor",
        sa.Column("id", Identity, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("location", sa.String(length=64), nullable=False),
        sa.Column("low", sa.Float()),
        sa.Column("high", sa.Float()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "supplier",
        sa.Column("id", Identity, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("lead_time_days", sa.Integer()),
        sa.Column("min_order_value", sa.BigInteger()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "user_account",
        sa.Column("id", Identity, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("slack_id", sa.String(length=64), nullable=False),
        sa.Column("telegram_id", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index("ix_user_account_slack_id", "user_account", ["slack_id"])
    op.create_index("ix_user_account_telegram_id", "user_account", ["telegram_id"])
    op.create_table(
        "vehicle",
        sa.Column("id", Identity, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("capacity_kg", sa.BigInteger()),
        sa.Column("capacity_l", sa.BigInteger()),
        sa.Column("home", sa.String(length=64), nullable=False),
        sa.Column("shift_from", sa.String(length=5), nullable=False),
        sa.Column("shift_to", sa.String(length=5), nullable=False),
        sa.Column("odometer_km", sa.BigInteger()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "access_token",
        sa.Column("id", Identity, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_index("ix_access_token_user_id", "access_token", ["user_id"])
    op.create_table(
        "import_change",
        sa.Column("id", Identity, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_key", sa.String(length=200), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_import_change_import_id", "import_change", ["import_id"])
    op.create_table(
        "product",
        sa.Column("id", Identity, nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("barcode", sa.String(length=64), nullable=False),
        sa.Column("price", sa.BigInteger()),
        sa.Column("cost", sa.BigInteger()),
        sa.Column("supplier_id", sa.Integer()),
        sa.Column("pack_size", sa.BigInteger()),
        sa.Column("moq", sa.BigInteger()),
        sa.Column("lead_time_days", sa.Integer()),
        sa.Column("shelf_life_days", sa.Integer()),
        sa.Column("weight_kg", sa.BigInteger()),
        sa.Column("volume_l", sa.BigInteger()),
        sa.Column("reorder_point", sa.BigInteger()),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sku"),
    )
    op.create_index("ix_product_barcode", "product", ["barcode"])
    op.create_index("ix_product_category", "product", ["category"])
    op.create_table(
        "sensor_reading",
        sa.Column("sensor_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("import_id", sa.Integer()),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"]),
        sa.ForeignKeyConstraint(["sensor_id"], ["sensor.id"]),
        sa.PrimaryKeyConstraint("sensor_id", "read_at"),
    )
    op.create_table(
        "user_location",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        sa.PrimaryKeyConstraint("user_id", "location_id"),
    )
    op.create_table(
        "lot",
        sa.Column("id", Identity, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("expires_on", sa.Date()),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_lot_expires_on", "lot", ["expires_on"])
    op.create_index("ix_lot_product_code", "lot", ["product_id", "code"])
    op.create_table(
        "product_alias",
        sa.Column("id", Identity, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("learned_from", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("product_id", "alias"),
    )
    op.create_index("ix_product_alias_product_id", "product_alias", ["product_id"])
