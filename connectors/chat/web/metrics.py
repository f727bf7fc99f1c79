"""What the web door counts, in a registry of its own (Prometheus text at ``/metrics``)."""

from __future__ import annotations

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10)


def _requests(registry: CollectorRegistry) -> Counter:
    return Counter(
        "quartermaster_http_requests",
        "HTTP requests answered",
        ("method", "route", "status"),
        registry=registry,
    )


@dataclass(slots=True)
class Meters:
    """Counters and clocks of one app."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)
    seconds: Histogram = field(init=False)
    turns: Counter = field(init=False)
    position: Gauge = field(init=False)

    def __post_init__(self) -> None:
        self.requests = _requests(self.registry)
        self.seconds = Histogram(
            "quartermaster_turn_seconds",
            "Seconds from message to answer",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.turns = Counter(
            "quartermaster_turns",
            "Messages and buttons answered",
            ("kind", "repeated"),
            registry=self.registry,
        )
        self.position = Gauge(
            "quartermaster_ledger_position", "Number of the last stock move", registry=self.registry
        )

    def text(self, position: int) -> bytes:
        """Everything in Prometheus text form."""
        self.position.set(position)
        return generate_latest(self.registry)
