"""Records for each task what a search can measure, and the result of training at each rate.

python record.py TASKS OUT given                    every given task
python record.py TASKS OUT FROM TO                  drawn tasks of these numbers
python record.py TASKS OUT FROM TO nadam,adagrad    the same with other optimizers
python record.py TASKS OUT FROM TO wide             the same with wide dense nets; others are skipped
"""

import pathlib
import sys
import time

import jax
import numpy as np

from records import GRID, RUNGS
from runs import Runs
from tasks import drawn, given, widened

RATES = 10**GRID
SWEEPS = {n: 10 ** np.linspace(-6, 1, n) for n in RUNGS}


def record(task, seeds):
    spec = task["spec"]
    every = 10 if spec["evalEvery"] % 10 == 0 else 5
    runs = Runs(task, seeds)
    constant = np.repeat(RATES[:, None], spec["steps"], 1)
    losses, scores, untrained = runs.along(constant, every)
    pad = lambda rates: np.concatenate([rates, np.full(100 - len(rates), rates[-1])])
    swept = [pad(SWEEPS[n]) for n in SWEEPS]
    sweeps, _, _ = runs.along(np.stack(swept), 0)
    at = np.arange(spec["evalEvery"], spec["steps"] + 1, spec["evalEvery"]) // every - 1
    evals = scores[:, :, at]
    lowest = np.minimum(np.where(np.isfinite(evals), evals, np.inf).min(2), untrained[:, None])
    return {
        "losses": losses, "scores": scores, "every": every, "untrained": untrained, "lowest": lowest,
        "optimizer": spec["optimizer"]["type"], "momentum": spec["optimizer"].get("momentum", 0), "weights": runs.weights,
        **{f"sweep{n}": sweeps[:, i, :n] for i, n in enumerate(SWEEPS)},
    }


def main():
    source, out, *which = sys.argv[1:]
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    if which[0] == "given":
        folders = sorted(p for p in pathlib.Path(source).iterdir() if p.is_dir())
        makers = [(p.name, lambda p=p: given(p)) for p in folders]
    elif which[2:] == ["wide"]:
        makers = [(f"own{i:03d}", lambda i=i: widened(i, source)) for i in range(int(which[0]), int(which[1]))]
    else:
        kinds = which[2].split(",") if len(which) > 2 else [None]
        makers = [
            (f"own{i:03d}{k and f'-{k}' or ''}", lambda i=i, k=k: drawn(i, source, k))
            for i in range(int(which[0]), int(which[1])) for k in kinds
        ]
    for name, make in makers:
        if list(out.glob(f"{name}*.npz")):
            continue
        began = time.time()
        task = make()
        if task is None:
            continue
        taken = record(task, (0, 1, 2) if which[0] == "given" else (0, 1))
        np.savez_compressed(out / f"{task['name']}.npz", **taken)
        jax.clear_caches()
        spec, low = task["spec"], taken["lowest"].mean(0)
        print(f"{task['name']:26s} {time.time() - began:5.1f} s  best {RATES[low.argmin()]:.1e} "
              f"{taken['untrained'].mean():.3g} -> {low.min():.3g}  {spec['optimizer']['type']} "
              f"{spec['batchSize']} {len(spec['layers'])} layers", flush=True)


main()
