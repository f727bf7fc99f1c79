"""Products just launched: how far off the forecast of their next four weeks is, with 0, 1, 2 ... weeks of history.

    python bench/forecast_new.py [--weeks 0,1,2,4,8]

On the raw export of Online Retail (cancelled lines taken out with their cancellations within 14 days): each product first sold
after the tenth week is forecast as of its n-th week from what every product sold until then.  WAPE of the mean of the next
four weeks; beside it the product's own mean alone.  Goals: 0.85, 0.76 and 0.63 with 0, 1 and 2 weeks.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd
from served import SHARED, need

from tools.maths.demand import History, newcomers

EXPORT = SHARED / "data" / "online-retail" / "transactions.csv.gz"
SUNDAY = pd.Timestamp("2010-11-28")
NEW_FROM = 10
AHEAD = 4
GOALS = {0: (0.85, 0.75), 1: (0.76, 0.68), 2: (0.63, 0.57)}


def sales() -> pd.DataFrame:
    """Lines sold, without those that were cancelled within 14 days by one of the same customer and quantity."""
    lines = pd.read_csv(EXPORT, dtype={"StockCode": str, "InvoiceNo": str, "CustomerID": str})
    lines["StockCode"] = lines["StockCode"].str.upper().str.strip()
    lines = lines[lines["StockCode"].str.match(r"^\d{5}[A-Z]*$") & (lines["UnitPrice"] > 0)]
    lines["at"] = pd.to_datetime(lines["InvoiceDate"])
    sold = lines[lines["Quantity"] > 0]
    cancelled = lines[(lines["Quantity"] < 0) & lines["CustomerID"].notna()]
    made = defaultdict(list)
    for row in sold[["CustomerID", "StockCode", "Quantity", "at"]].itertuples():
        made[row.CustomerID, row.StockCode, row.Quantity].append((row.at, row.Index))
    taken: set[int] = set()
    for row in cancelled[["CustomerID", "StockCode", "Quantity", "at"]].itertuples():
        for at, index in reversed(made[row.CustomerID, row.StockCode, -row.Quantity]):
            if index not in taken and at <= row.at and (row.at - at).days <= 14:
                taken.add(index)
                break
    return sold.drop(index=list(taken))


def products() -> list[tuple[str, str, float, np.ndarray]]:
    """Code, commonest description, median price and units of each full week."""
    sold = sales()
    sold = sold.assign(week=(sold["at"] - SUNDAY).dt.days // 7)
    weeks = sold.pivot_table(
        index="StockCode", columns="week", values="Quantity", aggfunc="sum", fill_value=0
    )
    weeks = weeks.reindex(columns=range(int(weeks.columns.max()) + 1), fill_value=0)
    names = sold.groupby("StockCode")["Description"].agg(lambda column: str(column.value_counts().index[0]))
    prices = sold.groupby("StockCode")["UnitPrice"].median()
    return [
        (code, names[code], float(prices[code]), row.to_numpy(float)[:-1]) for code, row in weeks.iterrows()
    ]


def wape(guesses: list[float], came: list[float]) -> float:
    return float(np.abs(np.array(guesses) - np.array(came)).sum() / np.sum(came))


def measured(shop: list[tuple[str, str, float, np.ndarray]], weeks: int) -> tuple[int, float, float]:
    """Products, WAPE of their own means and of ours, ``weeks`` after each launch."""
    starts = [int((units > 0).argmax()) for *_, units in shop]
    by_now = defaultdict(list)
    for row, start in enumerate(starts):
        if start >= NEW_FROM and start + weeks + AHEAD <= len(shop[0][3]):
            by_now[start + weeks].append(row)
    own, ours, came = [], [], []
    for now, rows in sorted(by_now.items()):
        seen = [row for row, start in enumerate(starts) if start < now or row in rows]
        histories = [
            History(
                shop[row][0], shop[row][3][starts[row] : now], date.min, name=shop[row][1], price=shop[row][2]
            )
            for row in seen
        ]
        means = np.array([[one.values.mean() if one.values.size else 0.0] for one in histories])
        drawn = newcomers.prior(histories, "W").mean(means)
        for row in rows:
            place = seen.index(row)
            own.append(float(means[place, 0]))
            ours.append(float(drawn[place, 0]))
            came.append(float(shop[row][3][now : now + AHEAD].mean()))
    return len(came), wape(own, came), wape(ours, came)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weeks", default="0,1,2,4,8")
    options = parser.parse_args()
    need(EXPORT)
    shop = products()
    print("weeks of history   products   own mean   ours   must reach   ambitious")
    for weeks in (int(part) for part in options.weeks.split(",")):
        started = time.process_time()
        count, own, ours = measured(shop, weeks)
        must, ambitious = GOALS.get(weeks, (float("nan"), float("nan")))
        spent = time.process_time() - started
        print(
            f"{weeks:16}{count:11}{own:11.3f}{ours:7.3f}{must:13.2f}{ambitious:12.2f}   ({spent:.0f} s)",
            flush=True,
        )


if __name__ == "__main__":
    main()
