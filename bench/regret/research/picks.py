"""Picks off one curve, in log10 of the rate."""

import numpy as np

# For each optimizer that divides by the gradient's size, its usual rate times the cube root of the number of weights.
DIVIDING = {
    "adam": 0.09, "adamw": 0.09, "nadam": 0.09, "rmsprop": 0.09, "adamax": 0.45, "radam": 0.6, "adagrad": 1.2, "adadelta": 60,
}


def usual(item):
    share = 1 - item.momentum
    if item.optimizer in DIVIDING:
        return np.log10(share * DIVIDING[item.optimizer] / np.cbrt(item.weights))
    return np.log10(share * 0.4 * np.clip(abs(item.untrained), 0.1, 1e4) ** -0.75)


def auto(item, rungs=100):
    """What the package's `auto` picks (src/rules/auto.ts)."""
    read = item.read[rungs]
    if item.optimizer in DIVIDING:
        return 0.8 * usual(item) + 0.2 * read["valley"]
    return 0.4 * usual(item) + 0.4 * read["valley"] + 0.2 * read["edge"]


def of_unknown(item, rungs=100):
    """What it picks where it knows nothing of the optimizer."""
    read = item.read[rungs]
    return (read["valley"] + read["edge"] - 1) / 2


def before(item):
    """What it picked before: half-way between the valley and the middle one of three readings."""
    read = item.read[100]
    middle = np.median([read["valley"], read["lagged"], read["edge"] - 1])
    pick = (read["valley"] + middle) / 2
    return min(pick, -2) if item.optimizer in ("adam", "adamw") else pick
