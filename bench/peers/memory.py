"""Trains 50 million weights with bare PyTorch and Adam, and prints what the process held at most.

In multiples of the weights' bytes, with the same net, data and number of steps as speed/memoryProgram.ts.
"""
import json
import re

import torch
from torch import nn

SIDE = 7072
STEPS = 20

net = nn.Linear(SIDE, SIDE, bias=False)
nn.init.zeros_(net.weight)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-6)
xs, ys = torch.ones(4, SIDE), torch.ones(4, SIDE)
for _ in range(STEPS):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(net(xs), ys)
    loss.backward()
    optimizer.step()
    loss.item()
with open("/proc/self/status") as status:
    held = 1024 * int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1))
print(json.dumps({"peak": held / (4 * SIDE**2)}))
