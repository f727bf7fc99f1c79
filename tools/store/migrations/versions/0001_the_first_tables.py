"""The first tables, the places that are not on any map, and the laws that a database can keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Identity = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

VIRTUAL = (
    ("@supplier", "Suppliers", "supplier"),
    ("@customer", "Customers", "customer"),
    ("@adjustment", "Adjustments", "adjustment"),
    ("@scrap", "Scrap", "scrap"),
    ("@transit", "On the road", "transit"),
    ("@opening", "Opening stock", "opening"),
)
APPEND_ONLY = ("stock_move", "audit_event")


TABLES = (
    "action",
    "audit_event",
    "conversation",
    "customer",
    "import_run",
    "location",
    "message",
    "request",
    "sales_order",
    "sensor",
    "setting",
    "supplier",
    "user_account",
    "vehicle",
    "access_token",
    "import_change",
    "product",
    "purchase_order",
    "sensor_reading",
    "user_location",
    "feedback",
    "lot",
    "product_alias",
    "purchase_order_line",
    "reservation",
    "sale_line",
    "sales_order_line",
    "stock_balance",
    "stock_count",
    "stock_move",
)


def upgrade() -> None:
    """Make the tables, the virtual places and the triggers."""
    _tables()
    _places()
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_triggers()
    else:
        _sqlite_triggers()


def downgrade() -> None:
    """Remove everything that ``upgrade`` made, and what is in it."""
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _places() -> None:
    location = sa.table(
        "location",
        sa.column("code", sa.String()),
        sa.column("name", sa.String()),
        sa.column("kind", sa.String()),
        sa.column("active", sa.Boolean()),
    )
    rows = [{"code": code, "name": name, "kind": kind, "active": True} for code, name, kind in VIRTUAL]
    op.bulk_insert(location, rows)


def _sqlite_triggers() -> None:
    for table in APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _postgresql_triggers() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


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
        "audit_event",
        sa.Column("id", Identity, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_event_action", "audit_event", ["action"])
    op.create_index("ix_audit_event_actor", "audit_event", ["actor"])
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
        "request",
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.String(length=32), nullable=False),
        sa.Column("undone_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("request_id"),
    )
    op.create_index("ix_request_group_id", "request", ["group_id"])
    op.create_index("ix_request_latest", "request", ["conversation", "actor", "position", "created_at"])
    op.create_table(
        "sales_order",
        sa.Column("id", Identity, nullable=False),
        sa.Column("order_no", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("placed_at", sa.DateTime()),
        sa.Column("due_from", sa.DateTime()),
        sa.Column("due_to", sa.DateTime()),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_no"),
    )
    op.create_index("ix_sales_order_customer", "sales_order", ["customer"])
    op.create_index("ix_sales_order_status", "sales_order", ["status"])
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
        "purchase_order",
        sa.Column("id", Identity, nullable=False),
        sa.Column("po_no", sa.String(length=64), nullable=False),
        sa.Column("supplier_id", sa.Integer()),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("ordered_at", sa.Date()),
        sa.Column("expected_on", sa.Date()),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("po_no"),
    )
    op.create_index("ix_purchase_order_status", "purchase_order", ["status"])
    op.create_index("ix_purchase_order_supplier_id", "purchase_order", ["supplier_id"])
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
        "feedback",
        sa.Column("id", Identity, nullable=False),
        sa.Column("row_key", sa.String(length=80), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.Integer()),
        sa.Column("rating", sa.Integer()),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("import_id", sa.Integer()),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("row_key"),
    )
    op.create_index("ix_feedback_product_id", "feedback", ["product_id"])
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
    op.create_table(
        "purchase_order_line",
        sa.Column("id", Identity, nullable=False),
        sa.Column("purchase_order_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer()),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("received_quantity", sa.BigInteger()),
        sa.Column("defective_quantity", sa.BigInteger()),
        sa.Column("unit_cost", sa.BigInteger()),
        sa.Column("received_at", sa.DateTime()),
        sa.Column("closed_short", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.ForeignKeyConstraint(["purchase_order_id"], ["purchase_order.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("purchase_order_id", "line"),
    )
    op.create_index("ix_purchase_order_line_product_id", "purchase_order_line", ["product_id"])
    op.create_table(
        "reservation",
        sa.Column("id", Identity, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer()),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("for_type", sa.String(length=32), nullable=False),
        sa.Column("for_ref", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reservation_for_ref", "reservation", ["for_ref"])
    op.create_index("ix_reservation_product_state", "reservation", ["product_id", "state"])
    op.create_table(
        "sale_line",
        sa.Column("id", Identity, nullable=False),
        sa.Column("row_key", sa.String(length=80), nullable=False),
        sa.Column("product_id", sa.Integer()),
        sa.Column("location_id", sa.Integer()),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("sold_at", sa.DateTime()),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger()),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("order_ref", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("group_id", sa.String(length=32), nullable=False),
        sa.Column("import_id", sa.Integer()),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"]),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("row_key"),
    )
    op.create_index(
        "ix_sale_line_day", "sale_line", ["sold_on", "product_id", "kind", "quantity", "amount", "location_id"]
    )
    op.create_index("ix_sale_line_group_id", "sale_line", ["group_id"])
    op.create_index("ix_sale_line_import_id", "sale_line", ["import_id"])
    op.create_index(
        "ix_sale_line_product", "sale_line", ["product_id", "sold_on", "kind", "quantity", "amount", "location_id"]
    )
    op.create_table(
        "sales_order_line",
        sa.Column("id", Identity, nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["sales_order.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sales_order_line_order_id", "sales_order_line", ["order_id"])
    op.create_index("ix_sales_order_line_product_id", "sales_order_line", ["product_id"])
    op.create_table(
        "stock_balance",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("product_id", "location_id", "lot_id"),
    )
    op.create_index("ix_stock_balance_location", "stock_balance", ["location_id", "product_id"])
    op.create_table(
        "stock_count",
        sa.Column("id", Identity, nullable=False),
        sa.Column("group_id", sa.String(length=32), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer()),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.Column("at_seq", sa.Integer(), nullable=False),
        sa.Column("posted_seq", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"]),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_stock_count_group_id", "stock_count", ["group_id"])
    op.create_index("ix_stock_count_product_id", "stock_count", ["product_id"])
    op.create_table(
        "stock_move",
        sa.Column("seq", Identity, nullable=False),
        sa.Column("group_id", sa.String(length=32), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.String(length=200), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer()),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("from_location_id", sa.Integer(), nullable=False),
        sa.Column("to_location_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("reverses", sa.Integer()),
        sa.CheckConstraint("from_location_id <> to_location_id", name="moves_somewhere"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.ForeignKeyConstraint(["from_location_id"], ["location.id"]),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"]),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.ForeignKeyConstraint(["reverses"], ["stock_move.seq"]),
        sa.ForeignKeyConstraint(["to_location_id"], ["location.id"]),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("request_id", "line"),
        sa.UniqueConstraint("reverses"),
    )
    op.create_index("ix_stock_move_business_date", "stock_move", ["business_date"])
    op.create_index("ix_stock_move_group_id", "stock_move", ["group_id"])
    op.create_index("ix_stock_move_product_seq", "stock_move", ["product_id", "seq"])
