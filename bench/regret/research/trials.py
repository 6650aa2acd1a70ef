"""The refining that the package does (src/sweep/bracket.ts, src/rules/trialsPick.ts), on what was recorded."""

import math
from dataclasses import dataclass

import numpy as np

import picks
from readings import GRID

FIRST, BEYOND, CLEARLY, EXPLOSION, NOISY = 1, 2, 0.2, 3.0, 4.0


@dataclass
class Refining:
    """How rates are tried: the rungs of the sweep, the steps of a trial and of all, and what trials are judged by."""

    held_out: bool = True
    rungs: int = 100
    length: int = 100
    steps: int = 300


def levels(item, rungs):
    """The untrained loss, and the highest one that batches alone make where these differ by several times."""
    losses = item.sweeps[rungs][: max(3, rungs // 4)]
    is_noisy = losses.min() >= 0 and losses.max() > NOISY * losses.min()
    return np.median(losses), losses.max() if is_noisy else -math.inf


def trial(item, how, at, untrained, noise):
    """The score of a trial and the steps it took; infinite where it was given up."""
    losses = item.losses[at, : how.length]
    highest = untrained + EXPLOSION * max(abs(untrained), noise)
    for k in range(how.length):
        if not np.isfinite(losses[k]) or (k >= 3 and losses[k - 2 : k + 1].min() > highest):
            return math.inf, k + 1
    if not how.held_out:
        return losses[2 * how.length // 3 :].mean(), how.length
    scored = [item.scores[at, how.length * part // 3 // item.every - 1] for part in (1, 2, 3)]
    return min((s for s in scored if np.isfinite(s)), default=math.inf), how.length


def best_of(scores):
    """The place with the lowest score; of those that were given up, the lowest rate."""
    return min(sorted(scores), key=scores.get)


def neighbours(scores, best):
    """The next lower and the next higher place that was tried, None where there is none."""
    return max((at for at in scores if at < best), default=None), min((at for at in scores if at > best), default=None)


def next_place(scores, start, untrained):
    """The rate to try next, in quarters of a decade."""
    if len(scores) < 2:
        return start + (FIRST if scores else -FIRST)
    best = best_of(scores)
    below, above = neighbours(scores, best)
    sides = [at for at in (below, above) if at is not None]
    if len(sides) == 1:
        is_clear = scores[sides[0]] - scores[best] > CLEARLY * max(0, untrained - scores[best])
        if not math.isfinite(scores[best]) or is_clear:
            return best + (BEYOND if below is not None else -BEYOND)
    wide = {at: scores[at] for at in sides if abs(at - best) > 1}
    return (best + best_of(wide)) // 2 if wide else best


def run(item, how, start=picks.auto):
    """Tries rates about a pick for as long as there are steps for whole trials."""
    level = levels(item, how.rungs)
    inside = lambda at: int(min(len(GRID) - 1, max(1, at)))
    at_start = inside(1 + round(4 * (start(item, how.rungs) + 5)))
    scores, left = {}, how.steps
    while left >= how.length:
        at = inside(next_place(scores, at_start, level[0]))
        if at in scores:
            break
        scores[at], taken = trial(item, how, at, *level)
        left -= taken
    return pick(scores)


def pick(scores):
    """The lowest point of the parabola through the best trial and its neighbours."""
    best = best_of(scores)
    if not math.isfinite(scores[best]):
        return None
    a, b = neighbours(scores, best)
    if a is None or b is None:
        return GRID[best]
    rise_a, rise_b = scores[a] - scores[best], scores[b] - scores[best]
    # One side counts no more than three times the other, so that an explosion does not push the pick away.
    rise_a, rise_b = min(rise_a, 3 * rise_b), min(rise_b, 3 * rise_a)
    x, xa, xb = GRID[best], GRID[best] - GRID[a], GRID[b] - GRID[best]
    bend = xa * rise_b + xb * rise_a
    return x + 0.5 * (xb * xb * rise_a - xa * xa * rise_b) / bend if 0 < bend < math.inf else x
