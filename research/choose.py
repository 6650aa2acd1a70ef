"""Compares ways of picking on records.

python choose.py RECORDS [FROM TO]        all records of a folder, or drawn tasks of these numbers
"""

import sys

import numpy as np

from finder import search
from records import GRID, RUNGS, load

BEGINS = (-0.5, -0.25, 0.25, 0.5)


def tell(name, items, picks, steps):
    gaps = np.array([item.gap(pick) for item, pick in zip(items, picks)])
    print(f"{name:42s} mean {gaps.mean():.3f}  median {np.median(gaps):.3f}  p95 {np.quantile(gaps, 0.95):.3f}  "
          f"worst {gaps.max():.2f}  within 0.25: {100 * np.mean(gaps <= 0.25):.1f}%  {steps}", flush=True)


def curves(items):
    """Compares rules on one sweep."""
    by_rungs = dict(zip(RUNGS, search(items, *({"options": {"numTraining": rungs}} for rungs in RUNGS))))
    whole = by_rungs[100]
    for label, name, steps in (
        ("valley", "ruleValley", 100),
        ("minimum", "ruleMinimum", 100),
        ("the optimizer's usual rate alone", "usual", 0),
        ("auto, optimizer not known", "unknown", 100),
    ):
        tell(label, items, [found[name] for found in whole], steps)
    for rungs, all_found in by_rungs.items():
        tell("auto" if rungs == 100 else f"  with {rungs} rungs", items, [found["auto"] for found in all_found], rungs)
    print(f"  no pick on {sum(found['auto'] is None for found in whole)} curves")
    for kind in sorted({item.optimizer for item in items}):
        own = [(item, found["auto"]) for item, found in zip(items, whole) if item.optimizer == kind]
        tell(f"  on tasks with {kind}", *zip(*own), 100)


def bounds(items):
    """Compares trials at all rates of the grid by their lowest held-out loss, in far more steps than a search has."""
    for steps in (30, 60, 100, 120, 150):
        lowest = [
            np.where(np.isfinite(item.scores[:, : steps // item.every]), item.scores[:, : steps // item.every], np.inf)
            .min(1).argmin() for item in items
        ]
        tell(f"best of all {steps}-step trials", items, [GRID[at] for at in lowest], 26 * steps)


def refinings(items):
    """Compares `refine` by what judges its trials and by where these begin."""
    refine = {"refine": True}
    labels = ("refine", "refine by training loss", *(f"  begun {begin:+} decades away" for begin in BEGINS))
    searches = (
        {"options": {**refine, "val": True}},
        {"options": {**refine, "val": False}},
        *({"options": {**refine, "val": True}, "begin": begin} for begin in BEGINS),
    )
    for label, all_found in zip(labels, search(items, *searches)):
        tell(label, items, [found["auto"] for found in all_found], f"<= {max(found['steps'] for found in all_found)}")


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
