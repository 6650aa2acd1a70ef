"""Reads what `record.py` recorded. Rates are in log10 everywhere."""

import pathlib

import numpy as np

# A gap counts at most this much: among rates that explode, the position of a pick does not matter.
WORST = 1.5
# The recorded rates: one too low to train, then four per decade.
GRID = np.concatenate([[-6], np.arange(-20, 5) / 4])
# The numbers of rungs of the recorded sweeps.
RUNGS = (100, 60, 40, 20)


class Item:
    """A task from one seed: its records, and the gap of any pick."""

    def __init__(self, name, kept, seed):
        self.name, self.seed = name, seed
        self.losses = kept["losses"][seed].astype(float)
        self.scores = kept["scores"][seed].astype(float)
        self.every = int(kept["every"])
        self.optimizer = str(kept["optimizer"])
        self.momentum = float(kept["momentum"])
        self.weights = int(kept["weights"])
        self.untrained = float(kept["untrained"][seed])
        self.sweeps = {n: kept[f"sweep{n}"][seed].astype(float) for n in RUNGS}
        lowest = kept["lowest"].astype(float)
        mean = lowest.mean(0)
        best = int(mean.argmin())
        span = kept["untrained"].mean() - mean[best]
        self.learnable = span / abs(kept["untrained"].mean())
        self.gaps = (lowest[seed] - lowest[seed][best]) / span

    def gap(self, pick):
        """The gap of a pick; no pick is as bad as not training."""
        if pick is None or not np.isfinite(pick):
            return 1.0
        return smooth_between(pick, GRID[1:], np.minimum(self.gaps[1:], WORST))


def smooth_between(x, grid, values):
    """The cubic through the two values next to x with the slopes that their neighbours give (Catmull and Rom 1974)."""
    x = np.clip(x, grid[0], grid[-1])
    i = int(np.clip(np.searchsorted(grid, x, side="right") - 1, 0, len(grid) - 2))
    t = (x - grid[i]) / (grid[i + 1] - grid[i])
    before, a, b, after = values[max(0, i - 1)], values[i], values[i + 1], values[min(len(grid) - 1, i + 2)]
    rise, fall = (b - before) / 2, (after - a) / 2
    return float(a + t * (rise + t * (3 * (b - a) - 2 * rise - fall + t * (rise + fall - 2 * (b - a)))))


def load(folder, least=0.05):
    """All items of a folder, except of tasks on which no rate lowers the loss by the part `least`."""
    items = []
    for path in sorted(pathlib.Path(folder).glob("*.npz")):
        with np.load(path) as file:
            kept = dict(file)
        items += [Item(path.stem, kept, seed) for seed in range(len(kept["losses"]))]
    return [item for item in items if item.learnable > least]
