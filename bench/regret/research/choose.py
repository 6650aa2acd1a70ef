"""Compares ways of picking on what was recorded.

python choose.py RECORDS [FROM TO]        all records of a folder, or our own tasks of these numbers
"""

import sys

import numpy as np

import race
from fit import crossed
from readings import GRID, edge_by_bisection, ladder, load, rise, sweep_readings


def tell(name, items, picks, steps=""):
    gaps = np.array([item.gap(pick) for item, pick in zip(items, picks)])
    print(f"{name:42s} mean {gaps.mean():.3f}  median {np.median(gaps):.3f}  p90 {np.quantile(gaps, 0.9):.3f}  "
          f"worst {gaps.max():.2f}  {steps}", flush=True)
    return gaps


def curves(items):
    """Rules on one sweep of 100 rungs, and weighted readings of it, the weights from other tasks."""
    read = [sweep_readings(item.sweeps[100]) for item in items]
    for name in ("valley", "minimum"):
        tell(name, items, [r[name] for r in read], 100)
    tell("between valley and the lagged minimum", items, [(r["valley"] + r["lagged"]) / 2 for r in read], 100)
    middle = [np.median([r["valley"], r["lagged"], r["back"] - 1]) for r in read]
    tell("middle of valley, minimum, edge", items, middle, 100)
    between = [(r["valley"] + m) / 2 for r, m in zip(read, middle)]
    tell("between valley and that", items, between, 100)
    tell("auto: at most 0.01 with Adam", items, [min(b, -2) if i.adam else b for i, b in zip(items, between)], 100)
    mean = np.mean([item.best for item in items])
    for names in (("valley", "lagged"), ("valley", "blown"), ("valley", "fall80", "blown")):
        x = np.array([[r[name] for name in names] for r in read])
        start = [1 / len(names)] * len(names) + [mean - x.mean()]
        tell("weights of " + ", ".join(names), items, crossed(x, items, start), 100)


def edges(items):
    """What the finder did before: the edge of harmless rates by bisection, then two long trials about a twelfth of it."""
    short, long = [], []
    for item in items:
        losses = item.sweeps[20]
        untrained = np.nanmean(losses[:4])
        dead = [k for k, x in enumerate(losses) if not np.isfinite(x) or x - untrained > 3 * untrained]
        calm = np.nonzero(losses[: dead[0] if dead else 20] - untrained <= 0.02 * untrained)[0]
        edge = edge_by_bisection(item, ladder(20)[calm[-1] if len(calm) else 0], 80)
        short.append(edge - np.log10(16))
        ends = {}
        for rate in (edge - np.log10(12) - 0.25, edge - np.log10(12) + 0.25):
            end = item.losses[np.abs(GRID[1:] - rate).argmin() + 1, 140:150].mean()
            ends[rate] = end if np.isfinite(end) else np.inf
        long.append(min(ends, key=ends.get))
    tell("a sixteenth of the edge of 16-step trials", items, short, "<= 100")
    tell("the better of 2 x 150 steps about a twelfth", items, long, "<= 400")


def bounds(items):
    """What trials at all rates of the grid would say, which takes far more steps than a search may."""
    for steps in (16, 25, 40, 60, 100, 150):
        picks = []
        for item in items:
            rises = [min(0.5, rise(item, rate, steps // 2, steps)) for rate in range(len(GRID))]
            picks.append(GRID[int(np.argmin(rises))])
        held = []
        for item in items:
            scores = item.scores[:, max(0, steps // item.every - 1)]
            held.append(GRID[int(np.where(np.isfinite(scores), scores, np.inf).argmin())])
        tell(f"best of all {steps}-step trials", items, picks, 26 * steps)
        tell("  by held-out loss", items, held, 26 * steps)


def races(items):
    """What the finder does."""
    for name, make in (("short", race.short), ("long", race.long), ("long, held-out", race.long_held_out)):
        made = [make() for _ in items]
        picks = [race.run(item, one) for item, one in zip(items, made)]
        tell(f"climb by trials: {name}", items, picks, f"<= {20 + max(one.taken for one in made)}")


def main():
    items = load(sys.argv[1])
    if len(sys.argv) > 2:
        low, high = int(sys.argv[2]), int(sys.argv[3])
        items = [item for item in items if low <= int(item.name[3:6]) < high]
    print(f"{len({item.name for item in items})} tasks, {len(items)} picks of each rule")
    for compare in (curves, edges, bounds, races):
        compare(items)


main()
