"""Parts and wholes that agree, moved no further than they must."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.maths.demand.agreement import agreed


@st.composite
def trees(draw: st.DrawFn) -> list[int]:
    size = draw(st.integers(2, 12))
    return [-1, *(draw(st.integers(0, node - 1)) for node in range(1, size))]


def leaves_under(parent: list[int]) -> np.ndarray:
    """The summing matrix: node x leaf."""
    leaves = [node for node in range(len(parent)) if node not in parent]
    found = np.zeros((len(parent), len(leaves)))
    for column, leaf in enumerate(leaves):
        node = leaf
        while node >= 0:
            found[node, column] = 1
            node = parent[node]
    return found


@settings(max_examples=50, deadline=None)
@given(trees(), st.integers(0, 10_000))
def test_the_result_is_the_least_squares_one(parent: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    mean, variance = rng.normal(50, 20, (len(parent), 1)), rng.uniform(1, 9, (len(parent), 1))
    sums, weight = leaves_under(parent), np.diag(1 / variance.ravel())
    expected = sums @ np.linalg.solve(sums.T @ weight @ sums, sums.T @ weight @ mean)
    assert np.allclose(agreed(mean, variance, parent, nonnegative=False), expected)


@settings(max_examples=50, deadline=None)
@given(trees(), st.integers(0, 10_000))
def test_every_whole_is_the_sum_of_its_parts_and_nothing_is_negative(parent: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = agreed(rng.normal(2, 9, (len(parent), 4)), rng.uniform(0.1, 9, (len(parent), 4)), parent)
    for node in set(parent) - {-1}:
        parts = [found[part] for part in range(len(parent)) if parent[part] == node]
        assert np.allclose(found[node], np.sum(parts, axis=0))
    assert np.all(found >= 0)


def test_a_part_without_a_forecast_takes_what_is_left_of_the_whole() -> None:
    found = agreed(np.array([[10.0], [4.0], [np.nan]]), np.ones((3, 1)), [-1, 0, 0])
    assert found.ravel().tolist() == pytest.approx([10, 4, 6])


def test_what_agrees_already_stays_as_it_is() -> None:
    found = agreed(np.array([[10.0], [4.0], [6.0]]), np.array([[1.0], [5.0], [2.0]]), [-1, 0, 0])
    assert found.ravel().tolist() == pytest.approx([10, 4, 6])
