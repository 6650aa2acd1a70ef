"""Weighs the usual rate of an optimizer and two readings of a curve against each other: the mean gap for all powers on a grid.

python weigh.py RECORDS adam,adamw,rmsprop        the best powers for these together
python weigh.py RECORDS sgd
"""

import itertools
import sys

import numpy as np

from finder import search
from records import load

FINE = np.linspace(-7, 2, 901)


def table(items):
    """Each item's gap over a fine grid of rates, between -0.3 and 1, so that no single noisy task decides."""
    return np.stack([np.clip([item.gap(rate) for rate in FINE], -0.3, 1) for item in items])


def mean_gaps(gaps, chosen):
    """The mean gap of picks (items, offsets), for each offset."""
    at = np.clip(np.round((chosen - FINE[0]) / (FINE[1] - FINE[0])).astype(int), 0, len(FINE) - 1)
    return gaps[np.arange(len(gaps))[:, None], at].mean(0)


def main():
    kinds = sys.argv[2].split(",")
    items = [item for item in load(sys.argv[1]) if item.optimizer in kinds]
    (found,) = search(items, {"options": {}})
    # On a curve that shows nothing but the batches' noise the rule gives no pick, whatever the powers.
    read = [(item, one) for item, one in zip(items, found) if one["valley"] is not None]
    items = [item for item, _ in read]
    gaps = table(items)
    valley = np.array([one["valley"] for _, one in read])[:, None]
    edge = np.array([one["tenthOfEdge"] + 1 for _, one in read])[:, None]
    weights = np.log10([item.weights for item in items])[:, None]
    share = np.log10([1 - item.momentum for item in items])[:, None]
    loss = np.log10(np.clip(np.abs([item.untrained for item in items]), 0.1, 1e4))[:, None]
    offsets = np.arange(-4, 4, 0.05)[None]
    of_weights, of_loss = ((0,), (0, 0.25, 0.5, 0.75, 1)) if kinds == ["sgd"] else ((0, 0.2, 1 / 3, 0.4, 0.5), (0,))
    means = []
    for v, e, w, u in itertools.product(np.arange(0, 0.65, 0.1), np.arange(0, 0.35, 0.1), of_weights, of_loss):
        usual = offsets + share - w * weights - u * loss
        mean = mean_gaps(gaps, v * valley + e * edge + (1 - v - e) * usual)
        means.append((mean.min(), v, e, w, u, 10 ** offsets[0, mean.argmin()]))
    print(f"{len(items)} curves with {', '.join(kinds)}")
    for mean, v, e, w, u, base in sorted(means)[:12]:
        print(f"mean {mean:.4f}  valley^{v:.1f} edge^{e:.1f} usual^{1 - v - e:.1f}, "
              f"usual = {base:.2g} weights^-{w:.2f} loss^-{u:.2f}")


main()
