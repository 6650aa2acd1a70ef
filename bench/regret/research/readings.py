"""What a search can read from what was recorded; everything in log10 of the rate."""

import pathlib

import numpy as np

GRID = np.concatenate([[-6], np.arange(-20, 5) / 4])
FINE = np.linspace(-6, 1, 701)


class Item:
    """One task from one seed: its records, and the gap of any pick."""

    def __init__(self, name, kept, seed):
        self.name, self.seed = name, seed
        self.losses = kept["losses"][seed].astype(float)
        self.scores = kept["scores"][seed].astype(float)
        self.every = int(kept["every"])
        self.adam = bool(kept.get("adam", False))
        self.untrained = float(kept["untrained"][seed])
        self.sweeps = {n: kept[f"sweep{n}"][seed].astype(float) for n in (100, 60, 40, 30, 20)}
        lowest = kept["lowest"].astype(float)
        mean = lowest.mean(0)
        best = int(mean.argmin())
        span = kept["untrained"].mean() - mean[best]
        self.learnable = span / abs(kept["untrained"].mean())
        self.best = GRID[best]
        self.gaps = (lowest[seed] - lowest[seed][best]) / span
        self.fine = np.interp(FINE, GRID, self.gaps)

    def gap(self, pick):
        if pick is None or not np.isfinite(pick):
            return 1.0
        return float(np.interp(pick, GRID, self.gaps))


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


def ended(losses, beta=0.9, threshold=4.0):
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
    return max(0, start + int(third) + int(third / 2)), int(length[end])


def sweep_readings(losses):
    """Readings of one sweep over the whole ladder."""
    n = len(losses)
    lr = ladder(n)
    # Betas are for 100 rungs: as wide a mean in decades on any ladder.
    b = lambda beta: beta ** (100 / n)
    alive = ended(losses, b(0.9))
    s = smooth(alive, b(0.9))
    young = n // 10
    out = {}
    at, _ = valley(s[young:]) if len(s) > young + 3 else (0, 0)
    out["valley"] = lr[min(n - 1, at + min(young, len(s) - 1))]
    out["minimum"] = lr[int(s.argmin())] - 1
    base = np.median(alive[: max(3, n // 4)])
    flat = two_sided(np.minimum(alive, base), b(0.8))
    low = int(flat.argmin())
    out["bottom"] = lr[low] - 1
    out["lagged"] = lr[low + int(s[low:].argmin())] - 1
    depth = base - flat[low]
    for share in (0.1, 0.25, 0.5, 0.8):
        below = np.nonzero(flat[: low + 1] <= base - share * depth)[0]
        out[f"fall{int(100 * share)}"] = lr[below[0]] if len(below) else lr[low]
    # The last rung that is not above the untrained loss, and where the loss leaves it by much.
    above = np.nonzero(alive > base * 1.02 + 0)[0]
    calm = np.nonzero(two_sided(np.minimum(alive, 3 * base), b(0.7)) <= 1.02 * base)[0]
    out["back"] = lr[calm[-1]] if len(calm) else lr[0]
    over = np.nonzero(alive > 2 * base)[0]
    out["blown"] = lr[over[0]] if len(over) else lr[min(n - 1, len(alive) - 1)] if len(alive) < n else 1.0
    out["end"] = lr[min(n - 1, len(alive) - 1)]
    out["depth"] = depth / abs(base)
    return out


def rise(item, rate, start, stop, most=4.0):
    """How far above the untrained losses a trial's steps lie in the mean, as a part of them; on the same batches."""
    base = item.losses[0, start:stop]
    with np.errstate(invalid="ignore", over="ignore"):
        diff = (item.losses[rate, start:stop] - base) / np.abs(base).mean()
    return float(np.where(np.isfinite(diff), np.minimum(diff, most), most).mean())


def edge_by_bisection(item, guess, steps, trial=16, bad=0.02):
    """The edge of short trials found by halving on the grid; as in the package."""
    left = steps - trial
    n = len(GRID)
    clip = lambda k: int(min(n - 1, max(1, k)))
    near = int(np.abs(GRID[1:] - guess).argmin()) + 1
    low, high = clip(near - 6), clip(near + 4)
    tried = {}

    def harms(k):
        nonlocal left
        left -= trial
        tried[k] = rise(item, k, trial // 2, trial)
        return tried[k] > bad

    while left >= trial:
        if high - low > 1:
            mid = (low + high) // 2
            if harms(mid):
                high = mid
            else:
                low = mid
        elif low not in tried:
            if not harms(low):
                continue
            low, high = clip(low - 4), low
            if low == high:
                break
        elif high not in tried and high > low:
            if harms(high):
                continue
            low, high = high, clip(high + 4)
            if low == high:
                break
        else:
            break
    ks = sorted(tried)
    first = next((i for i, k in enumerate(ks) if tried[k] > bad), None)
    if first is None:
        return GRID[ks[-1]]
    if first == 0:
        return GRID[ks[0]] - 0.25
    a, z = ks[first - 1], ks[first]
    share = max(0, (bad - tried[a]) / (tried[z] - tried[a])) if tried[z] < 0.5 else 0.5
    return GRID[a] + (GRID[z] - GRID[a]) * share
