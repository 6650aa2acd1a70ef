"""The optimizers of the tasks in JAX, with PyTorch's defaults."""

from functools import partial

import jax
import jax.numpy as jnp


def start_slots(trained):
    zeros = jax.tree.map(jnp.zeros_like, trained)
    return {"m": zeros, "v": zeros, "t": jnp.float32(0), "product": jnp.float32(1)}


def update(optimizer, trained, slots, grads, lr):
    """One step with PyTorch's formulas: the new weights and slots."""
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
