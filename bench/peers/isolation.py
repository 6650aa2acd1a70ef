"""What the Python peers' searches leave as it was: the same matrix as bench/isolation, as JSON in the last line.

Runs for whichever of Lightning, fastai, torch-lr-finder and ignite can be imported, and prints {} where none can. A cell is
true or false, or null where a peer has no such thing. torch-lr-finder is used as its README says: `reset()` after the search.
"""

import contextlib
import copy
import io
import json
import os
import random
import signal
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

try:
    import numpy as np
    import torch
    from torch import nn
except ImportError:
    print("{}")
    sys.exit(0)

# Each way to end: the bounds of the sweep, and where something happens at the 12th call.
SCENARIOS = {
    "finished": dict(high=1e-1),
    "stopped early": dict(high=1e6, stop=4.0),
    "NaN": dict(high=1e30),
    "null pick": dict(high=1e-1, factor=0.0),
    "exception in trainingStep": dict(high=1e-1, at="step"),
    "exception in a module's hook": dict(high=1e-1, at="hook"),
    "exception in a callback": dict(high=1e-1, at="callback"),
    "exception in the logger": dict(high=1e-1, at="logger"),
    "exception in the data": dict(high=1e-1, at="data"),
    "empty data": dict(high=1e-1, size=0),
    "abort": None,
    "SIGINT": dict(high=1e-1, at="signal"),
}
RUNGS, LOW, NEVER = 30, 1e-5, 1e30


class World:
    """A model with everything that a careless search disturbs, and data in an order of its own."""

    def __init__(self, high, stop=NEVER, factor=1.0, at=None, size=96, once=False):
        torch.manual_seed(7), np.random.seed(7), random.seed(7)
        self.high, self.stop, self.factor, self.at = high, stop, factor, at
        self.searching, self.calls, self.heard = False, 0, []
        self.net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.BatchNorm1d(8), nn.Dropout(0.25), nn.Linear(8, 3))
        self.generator = torch.Generator().manual_seed(3)
        self.left = 0
        self.loader = self.make_loader(size, once)
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-2)
        self.scheduler = torch.optim.lr_scheduler.ExponentialLR(self.optimizer, 0.99)

    def make_loader(self, size, once):
        xs, ys = torch.sin(torch.arange(size * 4) * 12.9898).reshape(size, 4), torch.arange(size) % 3
        world = self

        class Points(torch.utils.data.Dataset):
            def __len__(self):
                return size

            def __getitem__(self, row):
                world.disturb("data")
                return xs[row], ys[row]

        class Once(torch.utils.data.IterableDataset):
            """Batches of an iterator that can be read only once."""

            def __iter__(self):
                while world.left > 0:
                    world.left -= 1
                    yield xs[:16], ys[:16]

        if not once:
            return torch.utils.data.DataLoader(Points(), 16, shuffle=size > 0, generator=self.generator)
        self.left = 200
        return torch.utils.data.DataLoader(Once(), None)

    def disturb(self, place):
        if not self.searching:
            return
        if place == "step" and self.at == "signal" and self.tick():
            os.kill(os.getpid(), signal.SIGINT)
        elif place == self.at and self.tick():
            raise RuntimeError(f"the {place} failed")

    def tick(self):
        self.calls += 1
        # Data is read row by row.
        return self.calls == (12 * 16 if self.at == "data" else 12)

    def loss(self, logits, ys):
        self.disturb("step")
        return nn.functional.cross_entropy(logits, ys) * (self.factor if self.searching else 1.0)

    def hear(self, who):
        if self.searching:
            self.heard.append(who)
            self.disturb(who)

    def prepare(self):
        """Trains a little, so that there is a state to lose."""
        for _ in range(6):
            self.optimizer.zero_grad()
            xs, ys = torch.randn(16, 4), torch.arange(16) % 3
            nn.functional.cross_entropy(self.net(xs), ys).backward()
            self.optimizer.step()
            self.scheduler.step()

    def optimizer_state(self):
        return self.optimizer.state_dict()

    def read(self):
        norm = self.net[2]
        return {
            "weights": [p.detach().clone() for p in self.net.parameters()],
            "BatchNorm statistics": [norm.running_mean.clone(), norm.running_var.clone(), norm.num_batches_tracked.clone()],
            "optimizer slots and counters": copy.deepcopy(self.optimizer_state()),
            "random state": [torch.get_rng_state(), np.random.get_state()[1:3], random.getstate()],
            "shuffle order with its own generator": self.generator.get_state(),
            "files on disk": sorted(os.path.join(d, f) for d, _, files in os.walk(".") for f in files),
            "signal handlers": [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)],
            **self.own(),
        }

    def own(self):
        return {}


def lightning_world():
    import logging

    import lightning.pytorch as pl
    from lightning.pytorch.loggers.logger import Logger
    from lightning.pytorch.tuner import Tuner

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

    class Lightning(World):
        def __init__(self, **options):
            super().__init__(**options)
            world = self

            class Model(pl.LightningModule):
                def __init__(self):
                    super().__init__()
                    self.save_hyperparameters({"lr": 1e-2})
                    self.net = world.net

                def training_step(self, batch, _):
                    loss = world.loss(self.net(batch[0]), batch[1])
                    self.log("train_loss", loss)
                    return loss

                def on_train_batch_end(self, *_):
                    world.disturb("hook")

                def configure_optimizers(self):
                    return [world.optimizer], [world.scheduler]

            class Spy(pl.Callback):
                def on_train_batch_end(self, *_):
                    world.hear("callback")

            class SpyLogger(Logger):
                name, version = "spy", 0

                def log_metrics(self, *_, **__):
                    world.hear("logger")

                def log_hyperparams(self, *_, **__):
                    world.hear("logger")

            self.model = Model()
            self.trainer = pl.Trainer(
                max_epochs=1000, accelerator="cpu", enable_progress_bar=False, enable_model_summary=False,
                enable_checkpointing=False, logger=SpyLogger(), callbacks=[Spy()], log_every_n_steps=1,
            )

        def search(self):
            Tuner(self.trainer).lr_find(
                self.model, self.loader, min_lr=LOW, max_lr=self.high, num_training=RUNGS,
                early_stop_threshold=None if self.stop == NEVER else self.stop, update_attr=False,
            )

        def own(self):
            trainer = self.trainer
            return {
                "schedule": copy.deepcopy(self.scheduler.state_dict()),
                "loop counters": [
                    trainer.current_epoch, trainer.global_step, trainer.max_epochs, trainer.max_steps,
                    trainer.should_stop, trainer.fit_loop.restarting,
                ],
                "callbacks and loggers": [self.heard[:], [id(c) for c in trainer.callbacks], [id(l) for l in trainer.loggers]],
                "metrics": {k: float(v) for k, v in trainer.callback_metrics.items()},
                "hparams": dict(self.model.hparams),
            }

    return Lightning, {"abort"}


def fastai_world():
    from fastai.callback.core import Callback
    from fastai.callback.schedule import LRFinder  # noqa: F401 (adds Learner.lr_find)
    from fastai.data.core import DataLoaders
    from fastai.learner import Learner

    class Fastai(World):
        def __init__(self, **options):
            super().__init__(**options)
            world = self

            class Spy(Callback):
                def after_batch(self):
                    world.hear("callback")

            self.learner = Learner(DataLoaders(self.loader, self.loader), self.net, loss_func=self.loss, cbs=[Spy()])
            self.learner.create_opt()

        def prepare(self):
            for _ in range(6):
                xs, ys = torch.randn(16, 4), torch.arange(16) % 3
                nn.functional.cross_entropy(self.net(xs), ys).backward()
                self.learner.opt.step(), self.learner.opt.zero_grad()

        def search(self):
            self.learner.lr_find(LOW, self.high, RUNGS, stop_div=self.stop != NEVER, show_plot=False)

        def optimizer_state(self):
            return self.learner.opt.state_dict()

        def own(self):
            callbacks = [type(c).__name__ for c in self.learner.cbs]
            return {"callbacks and loggers": [self.heard[:], callbacks]}

    return Fastai, {"abort", "exception in a module's hook", "exception in the logger"}


def torch_lr_finder_world():
    from torch_lr_finder import LRFinder

    class TorchLrFinder(World):
        def search(self):
            finder = LRFinder(self.net, self.optimizer, self.loss, device="cpu")
            finder.range_test(self.loader, start_lr=LOW, end_lr=self.high, num_iter=RUNGS, diverge_th=self.stop)
            finder.reset()

    # It wants an optimizer without a schedule.
    def bare(**options):
        world = TorchLrFinder(**options)
        for group in world.optimizer.param_groups:
            group.pop("initial_lr", None)
        return world

    hooks = {"exception in a module's hook", "exception in a callback", "exception in the logger"}
    return bare, {"abort"} | hooks


def ignite_world():
    from ignite.engine import Engine, Events
    from ignite.handlers import FastaiLRFinder

    class Ignite(World):
        def __init__(self, **options):
            super().__init__(**options)

            def step(_, batch):
                self.net.train()
                self.optimizer.zero_grad()
                loss = self.loss(self.net(batch[0]), batch[1])
                loss.backward()
                self.optimizer.step()
                return loss.item()

            self.trainer = Engine(step)
            self.trainer.add_event_handler(Events.ITERATION_COMPLETED, lambda: self.hear("callback"))

        def search(self):
            saved = {"model": self.net, "optimizer": self.optimizer}
            finder = FastaiLRFinder()
            options = dict(num_iter=RUNGS, start_lr=LOW, end_lr=self.high, diverge_th=self.stop)
            with finder.attach(self.trainer, to_save=saved, **options) as trainer:
                trainer.run(self.loader)

        def own(self):
            state = self.trainer.state
            handlers = {str(k): len(v) for k, v in self.trainer._event_handlers.items() if v}
            return {
                "loop counters": [state.epoch, state.iteration, state.max_epochs],
                "callbacks and loggers": [self.heard[:], handlers],
                "metrics": copy.deepcopy(state.metrics),
            }

    return Ignite, {"abort", "exception in a module's hook", "exception in the logger"}


def same(a, b):
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and torch.equal(torch.nan_to_num(a.float(), 7e7), torch.nan_to_num(b.float(), 7e7))
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b)
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def searched(world):
    """Searches, however that ends, with nothing printed."""
    world.prepare()
    before = world.read()
    world.searching = True
    handler = signal.getsignal(signal.SIGINT)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            world.search()
    except BaseException:  # Lightning exits the program at Ctrl-C.
        pass
    world.searching = False
    after = world.read()
    signal.signal(signal.SIGINT, handler)
    return {column: same(value, after[column]) for column, value in before.items()}


def measure(make, missing):
    matrix = {}
    for name, options in SCENARIOS.items():
        if name in missing or options is None:
            matrix[name] = {}
            continue
        row = searched(make(**options))
        if options.get("size") != 0 and options.get("at") != "data":
            once = make(**options, once=True)
            before = once.left
            searched(once)
            # A peer that has read none of it has refused such data.
            row["one-shot data"] = None if once.left == before else False
        for file in sorted(f for f in os.listdir(".") if os.path.isfile(f)):
            os.remove(file)
        matrix[name] = row
    return matrix


peers = {
    "Lightning": lightning_world,
    "fastai": fastai_world,
    "torch-lr-finder": torch_lr_finder_world,
    "ignite": ignite_world,
}
results = {}
for peer, world_of in peers.items():
    try:
        results[peer] = measure(*world_of())
    except ImportError:
        print(f"{peer} can't be imported", file=sys.stderr)
print(json.dumps(results))
