"""Trains a task in JAX at all rates and from all seeds at once, as the README of the given tasks says."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from networks import apply, init, loss_of
from optimizers import start_slots, update


def batch_order(n, batch, steps, rng):
    """The rows of each batch: shuffled every epoch, without the short last batch."""
    rows = []
    while len(rows) < steps:
        order = rng.permutation(n)
        rows += [order[i * batch : (i + 1) * batch] for i in range(n // batch)]
    return np.stack(rows[:steps]).astype(np.int32)


class Runs:
    """Trains a task from the initial states of its seeds along sequences of rates."""

    def __init__(self, task, seeds):
        spec = task["spec"]
        self.layers, self.loss, self.optimizer = spec["layers"], spec["loss"], spec["optimizer"]
        self.data = {k: jnp.asarray(task[k]) for k in ("x_train", "y_train", "x_val", "y_val")}
        starts = [init(self.layers, task["x_train"].shape[1:], np.random.default_rng([9, s])) for s in seeds]
        stack = lambda *leaves: jnp.stack(leaves)
        self.trained = jax.tree.map(stack, *[t for t, _ in starts])
        self.running = jax.tree.map(stack, *[r for _, r in starts])
        self.weights = sum(leaf[0].size for leaf in jax.tree.leaves(self.trained))
        n, batch = len(task["x_train"]), spec["batchSize"]
        steps = max(spec["steps"], 100)
        self.order = jnp.asarray(
            np.stack([batch_order(n, batch, steps, np.random.default_rng([7, s])) for s in seeds])
        )

    def along(self, rates, every):
        """Losses (seed, sequence, step), held-out losses (seed, sequence, step // every) and the untrained ones (seed)."""
        rates = jnp.asarray(rates, jnp.float32)
        count = rates.shape[1]
        chunks = count // max(every, 1) if every else 1
        val, untrained = _along(
            json_key(self.layers), self.loss, json_key(self.optimizer), bool(every),
            self.data, self.trained, self.running,
            self.order[:, :count].reshape(self.order.shape[0], chunks, -1, self.order.shape[2]),
            rates.reshape(len(rates), chunks, -1),
        )
        losses, scores = val
        return np.asarray(losses).reshape(*losses.shape[:2], -1), np.asarray(scores), np.asarray(untrained)


def json_key(value):
    """A hashable copy of a specification, for the compiler's cache."""
    if isinstance(value, dict):
        return tuple((k, json_key(v)) for k, v in value.items())
    return tuple(json_key(v) for v in value) if isinstance(value, list) else value


@partial(jax.jit, static_argnums=(0, 1, 2, 3))
def _along(layers, loss, optimizer, scored, data, trained, running, order, rates):
    layers, optimizer = [dict(layer) for layer in layers], dict(optimizer)

    def cost(p, r, x, y):
        out, new = apply(layers, p, r, x, True)
        return loss_of(loss, out, y), new

    def score(p, r):
        out, _ = apply(layers, p, r, data["x_val"], False)
        return loss_of(loss, out, data["y_val"])

    def one(state, lr, x, y):
        p, r, slots = state
        (value, r), grads = jax.value_and_grad(cost, has_aux=True)(p, r, x, y)
        p, slots = update(optimizer, p, slots, grads, lr)
        return (p, r, slots), value

    def of_seed(p, r, order):
        spread = lambda leaf: jnp.broadcast_to(leaf, (rates.shape[0], *leaf.shape))
        state = jax.tree.map(spread, (p, r, start_slots(p)))

        def step(state, now):
            rows, lr = now
            x, y = data["x_train"][rows], data["y_train"][rows]
            return jax.vmap(one, in_axes=(0, 0, None, None))(state, lr, x, y)

        def chunk(state, now):
            state, losses = jax.lax.scan(step, state, now)
            scores = jax.vmap(score)(state[0], state[1]) if scored else losses[-1]
            return state, (losses, scores)

        _, (losses, scores) = jax.lax.scan(chunk, state, (order, jnp.moveaxis(rates, 0, 2)))
        return losses.reshape(-1, rates.shape[0]).T, scores.T

    both = jax.lax.map(lambda one_seed: of_seed(*one_seed), (trained, running, order))
    return both, jax.vmap(score)(trained, running)
