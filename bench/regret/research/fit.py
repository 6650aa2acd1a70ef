"""Weights of readings that keep the mean gap of the picks lowest, fitted to the gap itself."""

import numpy as np
from scipy.optimize import minimize

from readings import FINE

WIDTH = 0.12


def blur(items, width=WIDTH):
    """Each item's gap over a fine grid, blurred a little so that it has a slope everywhere."""
    step = FINE[1] - FINE[0]
    reach = int(3 * width / step)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / width) ** 2)
    kernel /= kernel.sum()
    table = np.stack([item.fine for item in items])
    padded = np.pad(table, ((0, 0), (reach, reach)), mode="edge")
    return np.stack([np.convolve(row, kernel, "valid") for row in padded])


def look_up(table, picks):
    """Gap and slope at each item's pick; a gentle slope beyond the ends leads back."""
    step = FINE[1] - FINE[0]
    x = np.clip((picks - FINE[0]) / step, 0, len(FINE) - 1.001)
    k = x.astype(int)
    rows = np.arange(len(table))
    a, b = table[rows, k], table[rows, k + 1]
    return a + (b - a) * (x - k), (b - a) / step


def fit(readings, items, start, ridge=0.02):
    """`readings` (item, k) and a constant; pulled towards `start` (k weights and the constant) by the ridge."""
    readings = np.column_stack([readings, np.ones(len(readings))])
    start = np.asarray(start, float)
    weights = start.copy()
    # From a wide blur to a narrow one, so that far away valleys are found.
    for width in (0.5, 0.25, WIDTH):
        table = blur(items, width=width)

        def cost(w):
            gap, slope = look_up(table, readings @ w)
            grad = slope @ readings / len(items)
            return gap.mean() + ridge * np.sum((w - start) ** 2), grad + 2 * ridge * (w - start)

        weights = minimize(cost, weights, jac=True, method="L-BFGS-B").x
    return weights


def predict(readings, weights):
    return np.column_stack([readings, np.ones(len(readings))]) @ weights


def crossed(readings, items, start, folds=5, **options):
    """Picks of each item by weights fitted to other tasks."""
    names = sorted({item.name for item in items})
    fold = {name: i % folds for i, name in enumerate(names)}
    of = np.array([fold[item.name] for item in items])
    picks = np.zeros(len(items))
    for f in range(folds):
        inside = of != f
        weights = fit(readings[inside], [i for i, k in zip(items, inside) if k], start, **options)
        picks[~inside] = predict(readings[~inside], weights)
    return picks
