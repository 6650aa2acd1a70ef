"""Networks, optimizers and runs of the learning-rate tasks in JAX: all rates and seeds of a task at once."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

BN_EPSILON, BN_MOMENTUM = 1e-3, 0.99


def init(layers, shape, rng):
    """PyTorch's initial weights: a list of (trained, running) dictionaries, one a layer."""
    out = []
    for layer in layers:
        kind = layer["type"]
        uniform = lambda size, fan: rng.uniform(-1, 1, size).astype(np.float32) / np.sqrt(fan)
        trained, running = {}, {}
        if kind == "dense":
            fan = shape[-1]
            trained = {"w": uniform((fan, layer["units"]), fan), "b": uniform((layer["units"],), fan)}
            shape = (layer["units"],)
        elif kind == "conv2d":
            fan = layer["kernelSize"] ** 2 * shape[-1]
            trained = {"w": uniform((fan, layer["filters"]), fan), "b": uniform((layer["filters"],), fan)}
            shape = (*shape[:2], layer["filters"])
        elif kind == "embedding":
            trained = {"w": rng.standard_normal((layer["vocab"], layer["dim"])).astype(np.float32)}
            shape = (*shape, layer["dim"])
        elif kind == "batchNorm":
            n = shape[-1]
            trained = {"gamma": np.ones(n, np.float32), "beta": np.zeros(n, np.float32)}
            running = {"mean": np.zeros(n, np.float32), "var": np.ones(n, np.float32)}
        elif kind == "maxPool2d":
            shape = (shape[0] // layer["poolSize"], shape[1] // layer["poolSize"], shape[2])
        elif kind == "flatten":
            shape = (int(np.prod(shape)),)
        elif kind == "globalAveragePool2d":
            shape = (shape[-1],)
        out.append((trained, running))
    return [t for t, _ in out], [r for _, r in out]


def activate(x, name):
    return jnp.maximum(x, 0) if name == "relu" else jnp.tanh(x) if name == "tanh" else x


def patches(x, k):
    """Shifted copies of an image side by side, so that a convolution is one matrix product."""
    p = k // 2
    padded = jnp.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
    h, w = x.shape[1:3]
    return jnp.concatenate([padded[:, i : i + h, j : j + w] for i in range(k) for j in range(k)], -1)


def apply(layers, trained, running, x, training):
    new = []
    for layer, t, r in zip(layers, trained, running):
        kind = layer["type"]
        if kind == "dense":
            x = activate(x @ t["w"] + t["b"], layer.get("activation"))
        elif kind == "conv2d":
            x = activate(patches(x, layer["kernelSize"]) @ t["w"] + t["b"], layer.get("activation"))
        elif kind == "activation":
            x = activate(x, layer["activation"])
        elif kind == "embedding":
            x = jax.nn.one_hot(x, layer["vocab"], dtype=jnp.float32) @ t["w"]
        elif kind == "flatten":
            x = x.reshape(x.shape[0], -1)
        elif kind == "globalAveragePool2d":
            x = x.mean((1, 2))
        elif kind == "maxPool2d":
            n, h, w, c = x.shape
            k = layer["poolSize"]
            x = x[:, : h // k * k, : w // k * k].reshape(n, h // k, k, w // k, k, c).max((2, 4))
        elif kind == "batchNorm":
            if training:
                axes = tuple(range(x.ndim - 1))
                mean, var = x.mean(axes), x.var(axes)
                keep = lambda old, now: BN_MOMENTUM * old + (1 - BN_MOMENTUM) * now
                r = {"mean": keep(r["mean"], mean), "var": keep(r["var"], var)}
            else:
                mean, var = r["mean"], r["var"]
            x = (x - mean) * jax.lax.rsqrt(var + BN_EPSILON) * t["gamma"] + t["beta"]
        new.append(r)
    return x, new


def loss_of(kind, out, y):
    if kind == "mse":
        return jnp.mean((out - y) ** 2)
    picked = jnp.take_along_axis(jax.nn.log_softmax(out), y[:, None], 1)
    return -jnp.mean(picked)


def start_slots(trained):
    zeros = jax.tree.map(jnp.zeros_like, trained)
    return {"m": zeros, "v": zeros, "t": jnp.float32(0), "product": jnp.float32(1)}


def update(optimizer, trained, slots, grads, lr):
    """A step as PyTorch makes it, with PyTorch's defaults."""
    kind = optimizer["type"]
    tree = partial(jax.tree.map)
    t, product = slots["t"] + 1, slots["product"]
    m, v = slots["m"], slots["v"]
    if kind == "sgd":
        momentum = optimizer.get("momentum", 0)
        if momentum:
            m = tree(lambda a, g: momentum * a + g, m, grads)
            step = m
        else:
            step = grads
    elif kind == "rmsprop":
        v = tree(lambda a, g: 0.99 * a + 0.01 * g * g, v, grads)
        step = tree(lambda g, a: g / (jnp.sqrt(a) + 1e-8), grads, v)
    elif kind == "adagrad":
        v = tree(lambda a, g: a + g * g, v, grads)
        step = tree(lambda g, a: g / (jnp.sqrt(a) + 1e-10), grads, v)
    elif kind == "adadelta":
        v = tree(lambda a, g: 0.9 * a + 0.1 * g * g, v, grads)
        step = tree(lambda u, a, g: jnp.sqrt(u + 1e-6) / jnp.sqrt(a + 1e-6) * g, m, v, grads)
        m = tree(lambda u, d: 0.9 * u + 0.1 * d * d, m, step)
    else:
        m = tree(lambda a, g: 0.9 * a + 0.1 * g, m, grads)
        mean = tree(lambda a: a / (1 - 0.9**t), m)
        if kind == "adamax":
            v = tree(lambda a, g: jnp.maximum(0.999 * a, jnp.abs(g) + 1e-8), v, grads)
            size = v
        else:
            v = tree(lambda a, g: 0.999 * a + 0.001 * g * g, v, grads)
            size = tree(lambda b: jnp.sqrt(b / (1 - 0.999**t)) + 1e-8, v)
        if kind == "nadam":
            now, then = (0.9 * (1 - 0.5 * 0.96 ** (k * 0.004)) for k in (t, t + 1))
            product = product * now
            mean = tree(lambda g, a: g * (1 - now) / (1 - product) + a * then / (1 - product * then), grads, m)
        step = tree(lambda a, b: a / b, mean, size)
        if kind == "radam":
            most = 2 / 0.001 - 1
            rho = most - 2 * t * 0.999**t / (1 - 0.999**t)
            part = (rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * jnp.maximum(rho, 5))
            rectified = jnp.sqrt(jnp.maximum(part, 0))
            step = tree(lambda s, a: jnp.where(rho > 5, rectified * s, a), step, mean)
        if kind == "adamw":
            decay = optimizer["weightDecay"]
            step = tree(lambda s, p: s + decay * p, step, trained)
    return tree(lambda p, s: p - lr * s, trained, step), {"m": m, "v": v, "t": t, "product": product}


def batch_order(n, batch, steps, rng):
    """Shuffled anew each epoch, the short last batch dropped."""
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
        """Losses (seed, sequence, step), held-out losses (seed, sequence, step // every), and untrained ones."""
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
    """Something hashable from a specification, for the compiler's cache."""
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
