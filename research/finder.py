"""Asks the package's own finder what it finds on records: `replay/main.ts` runs the real `findLr` on recorded losses."""

import json
import pathlib
import subprocess

import numpy as np

from records import GRID

PROGRAM = pathlib.Path(__file__).parent / "dist" / "main.js"
# The steps of a whole trial of `refine`, at most: 300 steps make three.
TRIAL = 100


def search(items, *searches):
    """
    What each search finds on each item: a list for each search, with a dictionary for each item.

    A search is `{"options": …}` with the options of `findLr`, and for `refine` perhaps `"begin"`: how many decades
    above `auto`'s pick its trials begin. The dictionaries hold `Found` of `replay/main.ts`, rates in log10.
    """
    if not PROGRAM.exists():
        raise SystemExit("Build the replay first: npm run build:research")
    requests = "\n".join(json.dumps({"record": record(item), "searches": searches}) for item in items)
    done = subprocess.run(["node", PROGRAM], input=requests, stdout=subprocess.PIPE, text=True, check=True)
    answers = [[in_log10(found) for found in json.loads(line)] for line in done.stdout.splitlines()]
    return list(zip(*answers, strict=True))


def record(item):
    """An item as `replay/taskRecord.ts` wants it."""
    return {
        "optimizer": {"name": item.optimizer, "weights": item.weights, "momentum": item.momentum},
        "sweeps": {rungs: finite(losses) for rungs, losses in item.sweeps.items()},
        "rates": (10 ** GRID[1:]).tolist(),
        "losses": finite(item.losses[1:, :TRIAL]),
        "still": finite(item.losses[0, :TRIAL]),
        "heldOut": finite(item.scores[1:, : TRIAL // item.every]),
        "every": item.every,
    }


def finite(values):
    """Nested lists of numbers, with None for those that JSON does not have."""
    if values.ndim > 1:
        return [finite(row) for row in values]
    return [value if np.isfinite(value) else None for value in values.tolist()]


def in_log10(found):
    """What a search found, with its rates in log10."""
    return {name: value if value is None or name == "steps" else np.log10(value) for name, value in found.items()}
