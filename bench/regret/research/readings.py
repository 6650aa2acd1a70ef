"""What a search can read from what was recorded; everything in log10 of the rate."""

import pathlib

import numpy as np

# Where a pick lies among rates that explode does not matter.
WORST = 1.5
GRID = np.concatenate([[-6], np.arange(-20, 5) / 4])


class Item:
    """One task from one seed: its records, and the gap of any pick."""

    def __init__(self, name, kept, seed):
        self.name, self.seed = name, seed
        self.losses = kept["losses"][seed].astype(float)
        self.scores = kept["scores"][seed].astype(float)
        self.every = int(kept["every"])
        self.optimizer = str(kept["optimizer"])
        self.momentum = float(kept["momentum"])
        self.weights = int(kept["weights"])
        self.untrained = float(kept["untrained"][seed])
        self.sweeps = {n: kept[f"sweep{n}"][seed].astype(float) for n in (100, 60, 40, 20)}
        lowest = kept["lowest"].astype(float)
        mean = lowest.mean(0)
        best = int(mean.argmin())
        span = kept["untrained"].mean() - mean[best]
        self.learnable = span / abs(kept["untrained"].mean())
        self.gaps = (lowest[seed] - lowest[seed][best]) / span
        self.read = {n: readings(losses) for n, losses in self.sweeps.items()}

    def gap(self, pick):
        if pick is None or not np.isfinite(pick):
            return 1.0
        return smooth_between(pick, GRID[1:], np.minimum(self.gaps[1:], WORST))


def smooth_between(x, grid, values):
    """The cubic through the two values about x with the slopes that their neighbours have (Catmull and Rom 1974)."""
    x = np.clip(x, grid[0], grid[-1])
    i = int(np.clip(np.searchsorted(grid, x, side="right") - 1, 0, len(grid) - 2))
    t = (x - grid[i]) / (grid[i + 1] - grid[i])
    before, a, b, after = values[max(0, i - 1)], values[i], values[i + 1], values[min(len(grid) - 1, i + 2)]
    rise, fall = (b - before) / 2, (after - a) / 2
    return float(a + t * (rise + t * (3 * (b - a) - 2 * rise - fall + t * (rise + fall - 2 * (b - a)))))


def load(folder, least=0.05):
    """All items of a folder; tasks that can hardly be learned at any rate are left out."""
    items = []
    for path in sorted(pathlib.Path(folder).glob("*.npz")):
        with np.load(path) as file:
            kept = dict(file)
        items += [Item(path.stem, kept, seed) for seed in range(len(kept["losses"]))]
    return [item for item in items if item.learnable > least]


def ladder(n):
    return np.linspace(-6, 1, n)


def smooth(losses, beta):
    mean, out = 0.0, []
    for k, value in enumerate(losses):
        mean = beta * mean + (1 - beta) * value
        out.append(mean / (1 - beta ** (k + 1)))
    return np.array(out)


def ended(losses, beta, threshold=4.0):
    """The sweep as far as it would have gone: until its running mean exceeds four times its best, and what is noise."""
    out, best, mean = len(losses), np.inf, 0.0
    calm = max(3, len(losses) // 4)
    low, high = np.min(losses[:calm]), np.max(losses[:calm])
    noise = high if high > threshold * low >= 0 else -np.inf
    for k, value in enumerate(losses):
        mean = beta * mean + (1 - beta) * value
        s = mean / (1 - beta ** (k + 1))
        if not np.isfinite(value):
            return losses[:k]
        best = min(best, s)
        if k >= calm and s > max(threshold * best, noise):
            return losses[: k + 1]
    return losses[:out]


def two_sided(values, beta):
    """A mean over both sides that does not lag."""
    n = len(values)
    at = np.arange(n)
    weights = beta ** np.abs(at[:, None] - at[None])
    return weights @ values / weights.sum(1)


def valley(losses):
    """fastai's: half-way down the longest falling subsequence."""
    n = len(losses)
    length = np.ones(n, int)
    for i in range(1, n):
        before = length[:i][losses[:i] > losses[i]]
        if len(before):
            length[i] = before.max() + 1
    end = int(length.argmax())
    start = end - int(length[end])
    third = (end - start) / 3
    return max(0, start + int(third) + int(third / 2))


def readings(losses):
    """Readings of one sweep over the whole ladder. Betas are for 100 rungs: as wide a mean in decades on any ladder."""
    n = len(losses)
    lr = ladder(n)
    b = lambda beta: beta ** (100 / n)
    alive = ended(losses, b(0.9))
    s = smooth(alive, b(0.9))
    young = n // 10
    at = valley(s[young:]) if len(s) > young + 3 else 0
    base = np.median(alive[: max(3, n // 4)])
    flat = two_sided(np.minimum(alive, base), b(0.8))
    low = int(flat.argmin())
    calm = np.nonzero(two_sided(np.minimum(alive, 3 * base), b(0.7)) <= 1.02 * base)[0]
    return {
        "valley": lr[min(n - 1, at + min(young, len(s) - 1))],
        "minimum": lr[int(s.argmin())] - 1,
        "lagged": lr[low + int(s[low:].argmin())] - 1,
        "edge": lr[calm[-1]] if len(calm) else lr[0],
    }
