"""The tables.  Only ``tools.store`` imports them; everybody else gets facts."""

from sqlmodel import SQLModel

# Names are fixed before the first migration, so that both databases call a constraint the same.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

from tools.store.tables.alerting import (  # noqa: E402
    AlertEventRow,
    AlertMuteRow,
    AlertOpinionRow,
    AlertRuleRow,
    IncidentRow,
    OutboxRow,
)
from tools.store.tables.buying import PurchaseEventRow  # noqa: E402
from tools.store.tables.catalogue import (  # noqa: E402
    CustomerRow,
    LocationRow,
    LotRow,
    ProductAliasRow,
    ProductRow,
    SensorReadingRow,
    SensorRow,
    SettingRow,
    SupplierRow,
    TokenRow,
    UserLocationRow,
    UserRow,
    VehicleRow,
)
from tools.store.tables.delivering import (  # noqa: E402
    TripEventRow,
    TripRow,
    TripStopLineRow,
    TripStopRow,
)
from tools.store.tables.forecasting import (  # noqa: E402
    ForecastOverrideRow,
    ForecastRow,
    ForecastRunRow,
    OutsideNumberRow,
)
from tools.store.tables.learned import ConfirmedReadingRow, LearnedNameRow  # noqa: E402
from tools.store.tables.ledger import (  # noqa: E402
    AuditRow,
    RequestRow,
    ReservationRow,
    StockBalanceRow,
    StockCountRow,
    StockMoveRow,
)
from tools.store.tables.said import (  # noqa: E402
    DemandSignalRow,
    ForgottenRow,
    SignalAdjustmentRow,
    SignalEventRow,
    WishRow,
)
from tools.store.tables.slack import SlackEventRow, SlackInstallationRow, SlackStateRow  # noqa: E402
from tools.store.tables.talk import ActionRow, ConversationRow, MessageRow  # noqa: E402
from tools.store.tables.trade import (  # noqa: E402
    FeedbackRow,
    ImportChangeRow,
    ImportRunRow,
    PurchaseOrderLineRow,
    PurchaseOrderRow,
    SaleLineRow,
    SalesOrderLineRow,
    SalesOrderRow,
)
from tools.store.tables.travel import TravelLegRow  # noqa: E402
from tools.store.tables.upkeep import (  # noqa: E402
    UpkeepEventRow,
    VehicleDefectRow,
    VehicleFaultRow,
    VehiclePartRow,
    VehicleReadingRow,
    VehicleServiceRow,
    WorkshopBookingRow,
)

__all__ = [
    "ActionRow",
    "AlertEventRow",
    "AlertMuteRow",
    "AlertOpinionRow",
    "AlertRuleRow",
    "AuditRow",
    "ConfirmedReadingRow",
    "ConversationRow",
    "CustomerRow",
    "DemandSignalRow",
    "FeedbackRow",
    "ForecastOverrideRow",
    "ForecastRow",
    "ForecastRunRow",
    "ForgottenRow",
    "ImportChangeRow",
    "ImportRunRow",
    "IncidentRow",
    "LearnedNameRow",
    "LocationRow",
    "LotRow",
    "MessageRow",
    "OutboxRow",
    "OutsideNumberRow",
    "ProductAliasRow",
    "ProductRow",
    "PurchaseEventRow",
    "PurchaseOrderLineRow",
    "PurchaseOrderRow",
    "RequestRow",
    "ReservationRow",
    "SQLModel",
    "SaleLineRow",
    "SalesOrderLineRow",
    "SalesOrderRow",
    "SensorReadingRow",
    "SensorRow",
    "SettingRow",
    "SignalAdjustmentRow",
    "SignalEventRow",
    "SlackEventRow",
    "SlackInstallationRow",
    "SlackStateRow",
    "StockBalanceRow",
    "StockCountRow",
    "StockMoveRow",
    "SupplierRow",
    "TokenRow",
    "TravelLegRow",
    "TripEventRow",
    "TripRow",
    "TripStopLineRow",
    "TripStopRow",
    "UpkeepEventRow",
    "UserLocationRow",
    "UserRow",
    "VehicleDefectRow",
    "VehicleFaultRow",
    "VehiclePartRow",
    "VehicleReadingRow",
    "VehicleRow",
    "VehicleServiceRow",
    "WishRow",
    "WorkshopBookingRow",
]
