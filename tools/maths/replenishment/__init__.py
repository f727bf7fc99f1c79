"""When to buy, how much, and why: items in, decisions, proposals and paths out; no database, no clock.

``decide`` looks at each item alone, ``propose`` at whole orders, ``project`` at the days to come,
``learn`` at past deliveries, ``transfers`` at other places, ``simulate`` and ``what_if`` at possible futures.
"""

from __future__ import annotations

from tools.maths.replenishment.items import Arrival, Item
from tools.maths.replenishment.joint import JointOrder, joint_order
from tools.maths.replenishment.joint_lines import Limits, Line, Order, SupplierRule
from tools.maths.replenishment.lead_time import LeadTime, Receipt, learn, still_takes
from tools.maths.replenishment.outlook import Outlook, Override, steady
from tools.maths.replenishment.policy import SERVICE_LEVELS, Decision, Policy, decide, newsvendor_level
from tools.maths.replenishment.projection import asleep, cost_of_running_out, project, runs_out
from tools.maths.replenishment.proposal import Proposal, ProposedLine, propose
from tools.maths.replenishment.simulate import Futures, Simulated, simulate
from tools.maths.replenishment.transfers import Transfer, after, transfers
from tools.maths.replenishment.what_if import Change, Comparison, newcomer, what_if

__all__ = [
    "SERVICE_LEVELS",
    "Arrival",
    "Change",
    "Comparison",
    "Decision",
    "Futures",
    "Item",
    "JointOrder",
    "LeadTime",
    "Limits",
    "Line",
    "Order",
    "Outlook",
    "Override",
    "Policy",
    "Proposal",
    "ProposedLine",
    "Receipt",
    "Simulated",
    "SupplierRule",
    "Transfer",
    "after",
    "asleep",
    "cost_of_running_out",
    "decide",
    "joint_order",
    "learn",
    "newcomer",
    "newsvendor_level",
    "project",
    "propose",
    "runs_out",
    "simulate",
    "steady",
    "still_takes",
    "transfers",
    "what_if",
]
