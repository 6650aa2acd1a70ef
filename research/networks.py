"""The networks and losses of the tasks in JAX, with PyTorch's initial weights."""

import jax
import jax.numpy as jnp
import numpy as np

BN_EPSILON, BN_MOMENTUM = 1e-3, 0.99


def init(layers, shape, rng):
    """PyTorch's initial weights: the trained arrays and the running averages, each a list with a dictionary for each layer."""
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
    """The shifted copies of an image as channels, so that a convolution is one matrix product."""
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
