"""The refining that the package does (src/sweep/climb.ts), on what was recorded: trials that climb to the best rate."""

import math
from dataclasses import dataclass, field

import numpy as np

import picks
from readings import GRID

FIRST, MARGIN, SLACK, BEYOND, NOISY = 12, 0.5, 0.02, 3.0, 4.0


@dataclass
class Race:
    """How trials are made: their length, the steps of all together, and strides in quarter decades."""

    length: int
    budget: int
    strides: tuple
    held_out: bool = False
    taken: int = 0
    scores: dict = field(default_factory=dict)


def levels(item, rungs):
    """The untrained loss, and the highest one that batches alone make where these differ by several times."""
    losses = item.sweeps[rungs][: max(3, rungs // 4)]
    is_noisy = losses.min() >= 0 and losses.max() > NOISY * losses.min()
    return np.median(losses), losses.max() if is_noisy else -math.inf


def better(scores, a, b):
    """Whether the trial a is better than b; of two that were given up, the lower rate."""
    return scores[a] < scores[b] if math.isfinite(min(scores[a], scores[b])) else a < b


def best_of(scores):
    best = None
    for at in sorted(scores):
        if best is None or better(scores, at, best):
            best = at
    return best


def trial(item, race, at, untrained, noise):
    """The score of a trial; infinite where it was given up, None where the budget ended it."""
    losses = item.losses[at, : race.length]
    best = best_of(race.scores)
    rival = item.losses[best, : race.length] if best is not None and math.isfinite(race.scores[best]) else None
    for k in range(race.length):
        if race.taken == race.budget:
            return None
        race.taken += 1
        highest = untrained + BEYOND * max(abs(untrained), noise)
        last = losses[max(0, k - 2) : k + 1].min() if noise > -math.inf else losses[k]
        if not np.isfinite(losses[k]) or (k >= 3 and last > highest):
            return math.inf
        if rival is not None and at > best and k + 1 >= FIRST:
            half = slice((k + 1) // 2, k + 1)
            behind = losses[half].mean() - rival[half].mean()
            if behind > MARGIN * max(0, untrained - rival[half].mean()) + SLACK * abs(untrained):
                return math.inf
    if race.held_out:
        scored = [item.scores[at, n // item.every - 1] for n in (race.length // 2, race.length)]
        return min((s for s in scored if np.isfinite(s)), default=math.inf)
    return losses[race.length // 2 :].mean()


def run(item, race, start=picks.auto, rungs=100):
    """Climbs from a pick; the next stride follows when neither neighbour is better."""
    level = levels(item, rungs)
    untrained = level[0]
    centre = start(item, rungs)
    clip = lambda at: int(min(len(GRID) - 1, max(1, at)))
    at = clip(1 + round(4 * (centre + 5)))
    race.scores[at] = trial(item, race, at, *level)
    if race.scores[at] is None:
        return None
    for stride in race.strides:
        climbing = True
        while climbing:
            climbing = False
            best = best_of(race.scores)
            sides = (clip(best + stride), clip(best - stride))
            if not race.scores[best] < untrained:
                sides = sides[::-1]
            for at in sides:
                if at in race.scores:
                    continue
                left = race.budget - race.taken
                # Only a trial above the best may be given up before its end.
                if left < (FIRST if at > best else race.length):
                    return pick(race.scores)
                score = trial(item, race, at, *level)
                if score is None:
                    return pick(race.scores)
                race.scores[at] = score
                if better(race.scores, at, best):
                    climbing = True
                    break
    return pick(race.scores)


def pick(scores):
    """The lowest point of the parabola through the best trial and its neighbours."""
    best = best_of(scores)
    if not math.isfinite(scores[best]):
        return None
    below, above = [at for at in scores if at < best], [at for at in scores if at > best]
    if not below or not above:
        return GRID[best]
    a, b = max(below), min(above)
    rise_a, rise_b = scores[a] - scores[best], scores[b] - scores[best]
    if not math.isfinite(min(rise_a, rise_b)):
        return GRID[best]
    # One side counts no more than three times the other, so that an explosion does not push the pick away.
    rise_a, rise_b = min(rise_a, 3 * rise_b), min(rise_b, 3 * rise_a)
    x, xa, xb = GRID[best], GRID[best] - GRID[a], GRID[b] - GRID[best]
    bend = xa * rise_b + xb * rise_a
    return x + 0.5 * (xb * xb * rise_a - xa * xa * rise_b) / bend if bend > 0 else x


def refine():
    return Race(100, 300, (2, 1), True)


def refine_train():
    return Race(100, 300, (2, 1))
