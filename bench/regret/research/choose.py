"""Compares ways of picking on what was recorded.

python choose.py RECORDS [FROM TO]        all records of a folder, or our own tasks of these numbers
"""

import sys

import numpy as np

import picks
import trials
from readings import GRID, load


def tell(name, items, chosen, steps):
    gaps = np.array([item.gap(pick) for item, pick in zip(items, chosen)])
    print(f"{name:42s} mean {gaps.mean():.3f}  median {np.median(gaps):.3f}  p95 {np.quantile(gaps, 0.95):.3f}  "
          f"worst {gaps.max():.2f}  within 0.25: {100 * np.mean(gaps <= 0.25):.1f}%  {steps}", flush=True)


def curves(items):
    """Rules on one sweep."""
    for name in ("valley", "minimum"):
        tell(name, items, [item.read[100][name] for item in items], 100)
    tell("auto before", items, [picks.before(item) for item in items], 100)
    tell("what is usual with the optimizer alone", items, [picks.usual(item) for item in items], 0)
    tell("auto, knowing nothing of the optimizer", items, [picks.of_unknown(item) for item in items], 100)
    for rungs in (100, 60, 40, 20):
        tell("auto" if rungs == 100 else f"  of {rungs} rungs", items, [picks.auto(item, rungs) for item in items], rungs)
    for kind in sorted({item.optimizer for item in items}):
        own = [item for item in items if item.optimizer == kind]
        tell(f"  on tasks with {kind}", own, [picks.auto(item) for item in own], 100)


def bounds(items):
    """What trials at all rates of the grid would say by their lowest held-out loss, in far more steps than a search has."""
    for steps in (30, 60, 100, 120, 150):
        lowest = [
            np.where(np.isfinite(item.scores[:, : steps // item.every]), item.scores[:, : steps // item.every], np.inf)
            .min(1).argmin() for item in items
        ]
        tell(f"best of all {steps}-step trials", items, [GRID[at] for at in lowest], 26 * steps)


def refinings(items):
    """What refining does, and how much where it begins matters."""
    tell("refine", items, [trials.run(item, trials.Refining()) for item in items], "<= 400")
    by_training = trials.Refining(held_out=False)
    tell("refine by training loss", items, [trials.run(item, by_training) for item in items], "<= 400")
    for off in (-0.5, -0.25, 0.25, 0.5):
        start = lambda item, rungs: picks.auto(item, rungs) + off
        tell(f"  begun {off:+} decades away", items, [trials.run(item, trials.Refining(), start) for item in items], "<= 400")


def main():
    items = load(sys.argv[1])
    if len(sys.argv) > 2:
        low, high = int(sys.argv[2]), int(sys.argv[3])
        items = [item for item in items if low <= int(item.name[3:].split("-")[0]) < high]
    print(f"{len({item.name for item in items})} tasks, {len(items)} picks of each rule")
    for compare in (curves, bounds, refinings):
        compare(items)


if __name__ == "__main__":
    main()
