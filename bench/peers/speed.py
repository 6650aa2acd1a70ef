"""Times training steps of bare PyTorch for bench:speed, one block of steps for each line of JSON on standard input.

A line is {"task": name, "measure": "step" | "loop", "steps": n}; the answer is {"ms": [...]}, the time of each step for
"step" on batches that are ready, and of the whole loop with a DataLoader, divided by its steps, for "loop".
"""
import json
import sys
import time

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def net(task):
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
    examples = batch * 8
    if task == "names-mlp":
        return torch.randint(0, 27, (examples, 8)), torch.randint(0, 27, (examples,))
    size = 64 if task == "digits-mlp" else 784
    return torch.rand(examples, size), torch.randint(0, 10, (examples,))


class Trainee:
    def __init__(self, task):
        batch = 256 if task == "mlp-1024" else 32 if task == "names-mlp" else 64
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


torch.set_num_threads(int(sys.argv[1]))
trainees = {}
print(json.dumps({"torch": torch.__version__}), flush=True)
for line in sys.stdin:
    wish = json.loads(line)
    trainee = trainees.setdefault(wish["task"], None) or Trainee(wish["task"])
    trainees[wish["task"]] = trainee
    run = trainee.steps if wish["measure"] == "step" else trainee.loop
    print(json.dumps({"ms": run(wish["steps"])}), flush=True)
