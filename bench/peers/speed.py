"""Times training steps of bare PyTorch for bench:speed, one block of steps for each line of JSON on standard input.

A line is {"task": name, "measure": …, "steps": n}; the answer is {"ms": [...]}: for "step" the time of each step on batches that
are ready, for "products" the time of a step's matrix products and convolutions alone, for "loop" that of a loop with a
DataLoader divided by its steps, and for "Lightning", "ignite", "fastai" and "torch-lr-finder" that of a search of so many steps.
[] stands for what this Python or the task does not have.
"""
import contextlib
import io
import json
import logging
import sys
import time
import warnings

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class CharGru(nn.Module):
    """Predicts the character that follows from the state after the last one."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(27, 10)
        self.gru = nn.GRU(10, 64, batch_first=True)
        self.classes = nn.Linear(64, 27)

    def forward(self, xs):
        states, _ = self.gru(self.embedding(xs))
        return self.classes(states[:, -1])


class Transformer(nn.Module):
    """One block that reads 64 numbers as 16 patches of 4."""

    def __init__(self, width=64, heads=4, length=16):
        super().__init__()
        self.heads = heads
        self.embedding = nn.Linear(4, width)
        self.places = nn.Parameter(0.02 * torch.randn(length, width))
        self.before_attention = nn.LayerNorm(width)
        self.queries_keys_values = nn.Linear(width, 3 * width)
        self.mixture = nn.Linear(width, width)
        self.before_perceptron = nn.LayerNorm(width)
        self.perceptron = nn.Sequential(nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width))
        self.classes = nn.Linear(width, 10)

    def attend(self, xs):
        split = [each.unflatten(2, (self.heads, -1)).transpose(1, 2) for each in self.queries_keys_values(xs).chunk(3, 2)]
        return self.mixture(nn.functional.scaled_dot_product_attention(*split).transpose(1, 2).flatten(2))

    def forward(self, xs):
        xs = self.embedding(xs.unflatten(1, (16, 4))) + self.places
        xs = xs + self.attend(self.before_attention(xs))
        xs = xs + self.perceptron(self.before_perceptron(xs))
        return self.classes(xs.mean(1))


def net(task):
    if task == "char-gru":
        return CharGru()
    if task == "transformer":
        return Transformer()
    if task == "digits-cnn":
        return nn.Sequential(
            nn.Unflatten(1, (1, 28, 28)),
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.BatchNorm2d(32),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
            nn.Linear(64 * 12 * 12, 128), nn.ReLU(), nn.Linear(128, 10),
        )
    if task == "names-mlp":
        return nn.Sequential(
            nn.Embedding(27, 10), nn.Flatten(), nn.Linear(80, 200), nn.Tanh(), nn.Linear(200, 27)
        )
    sizes = {"digits-mlp": [64, 128, 10], "mlp-784": [784, 128, 10], "mlp-1024": [784, 1024, 1024, 10]}[task]
    layers = []
    for before, after in zip(sizes, sizes[1:]):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def data(task, batch):
    examples = batch * 32
    if task in ("names-mlp", "char-gru"):
        return torch.randint(0, 27, (examples, 8 if task == "names-mlp" else 20)), torch.randint(0, 27, (examples,))
    size = 64 if task in ("digits-mlp", "transformer") else 784
    return torch.rand(examples, size), torch.randint(0, 10, (examples,))


class Trainee:
    def __init__(self, task):
        batch = {"mlp-1024": 256, "names-mlp": 32, "char-gru": 32, "transformer": 32}.get(task, 64)
        self.net = net(task)
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-3)
        self.loss = nn.CrossEntropyLoss()
        xs, ys = data(task, batch)
        self.ready = [(xs[i : i + batch], ys[i : i + batch]) for i in range(0, len(xs), batch)]
        self.loader = DataLoader(TensorDataset(xs, ys), batch_size=batch, shuffle=True)

    def step(self, xs, ys):
        self.optimizer.zero_grad()
        loss = self.loss(self.net(xs), ys)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def steps(self, count):
        times = []
        for index in range(count):
            xs, ys = self.ready[index % len(self.ready)]
            start = time.perf_counter()
            self.step(xs, ys)
            times.append(1000 * (time.perf_counter() - start))
        return times

    def loop(self, count):
        start = time.perf_counter()
        done = 0
        while done < count:
            for xs, ys in self.loader:
                self.step(xs, ys)
                done += 1
                if done == count:
                    break
        return [1000 * (time.perf_counter() - start) / count]


def products(trainee, count):
    """The products of a step: every linear and convolution layer's output, and the gradients of its input and kernel.

    Empty for a net that has products outside such layers.
    """
    if isinstance(trainee.net, (CharGru, Transformer)):
        return []
    calls = []

    def remember(module, inputs, output):
        given = inputs[0].detach()
        calls.append((module, given, torch.randn_like(output), given.dtype.is_floating_point and len(calls) > 0))

    layers = [m for m in trainee.net.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    hooks = [layer.register_forward_hook(remember) for layer in layers]
    trainee.net(trainee.ready[0][0])
    for hook in hooks:
        hook.remove()

    def run():
        for layer, given, gradient, reaches_input in calls:
            weight = layer.weight.detach()
            if isinstance(layer, nn.Linear):
                torch.mm(given, weight.t())
                torch.mm(gradient.t(), given)
                if reaches_input:
                    torch.mm(gradient, weight)
            else:
                nn.functional.conv2d(given, weight)
                nn.grad.conv2d_weight(given, weight.shape, gradient)
                if reaches_input:
                    nn.grad.conv2d_input(given.shape, weight, gradient)

    times = []
    with torch.no_grad():
        for _ in range(count):
            start = time.perf_counter()
            run()
            times.append(1000 * (time.perf_counter() - start))
    return times


def lightning_search(trainee, count):
    import lightning.pytorch as pl
    from lightning.pytorch.tuner import Tuner

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

    class Model(pl.LightningModule):
        def __init__(self):
            super().__init__()
            self.net, self.lr = trainee.net, 1e-3

        def training_step(self, batch, _):
            return trainee.loss(self.net(batch[0]), batch[1])

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters(), lr=self.lr)

    quiet = dict(enable_progress_bar=False, enable_model_summary=False, enable_checkpointing=False, logger=False)
    trainer = pl.Trainer(max_epochs=1000, accelerator="cpu", **quiet)
    Tuner(trainer).lr_find(
        Model(), trainee.loader, num_training=count, early_stop_threshold=None, update_attr=False
    )


def ignite_search(trainee, count):
    from ignite.engine import Engine
    from ignite.handlers import FastaiLRFinder

    engine = Engine(lambda _, batch: trainee.step(*batch))
    saved = {"model": trainee.net, "optimizer": trainee.optimizer}
    with FastaiLRFinder().attach(engine, to_save=saved, num_iter=count, end_lr=10.0, diverge_th=1e30) as finder:
        finder.run(trainee.loader)


def fastai_search(trainee, count):
    from fastai.callback.schedule import LRFinder  # noqa: F401 (adds Learner.lr_find)
    from fastai.data.core import DataLoaders
    from fastai.learner import Learner

    learner = Learner(DataLoaders(trainee.loader, trainee.loader), trainee.net, loss_func=trainee.loss)
    learner.lr_find(1e-7, 10, count, stop_div=False, show_plot=False)


def torch_lr_finder_search(trainee, count):
    from torch_lr_finder import LRFinder

    optimizer = torch.optim.Adam(trainee.net.parameters(), lr=1e-7)
    finder = LRFinder(trainee.net, optimizer, trainee.loss, device="cpu")
    finder.range_test(trainee.loader, end_lr=10, num_iter=count, diverge_th=1e30)
    finder.reset()


SEARCHES = {
    "Lightning": lightning_search,
    "ignite": ignite_search,
    "fastai": fastai_search,
    "torch-lr-finder": torch_lr_finder_search,
}


def timed_search(search, task, count):
    """A search on a net of its own, with nothing printed, after one that imports what it needs."""
    times = []
    for _ in range(2):
        trainee = Trainee(task)
        start = time.perf_counter()
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                search(trainee, count)
        except ImportError:
            return []
        times = [1000 * (time.perf_counter() - start)]
    return times


warnings.filterwarnings("ignore")
torch.set_num_threads(int(sys.argv[1]))
trainees = {}
print(json.dumps({"torch": torch.__version__}), flush=True)
for line in sys.stdin:
    wish = json.loads(line)
    task, measure, count = wish["task"], wish["measure"], wish["steps"]
    if measure in SEARCHES:
        answer = timed_search(SEARCHES[measure], task, count)
    else:
        trainee = trainees[task] = trainees.get(task) or Trainee(task)
        run = {"step": trainee.steps, "loop": trainee.loop, "products": lambda n: products(trainee, n)}[measure]
        answer = run(count)
    print(json.dumps({"ms": answer}), flush=True)
