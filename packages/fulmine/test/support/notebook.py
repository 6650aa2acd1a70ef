"""Runs the cells of a notebook in Deno's Jupyter kernel, and prints what the notebook shows as JSON.

argv: the program of Deno, the folder to run in, the cells as JSON.
"""

import json
import sys

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

deno, folder, cells = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
manager = KernelManager()
manager._kernel_spec = KernelSpec(
    argv=[deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name="Deno",
    language="typescript",
)
manager.start_kernel(cwd=folder)
client = manager.client()
client.start_channels()
shown = []


def show(message):
    content = message["content"]
    kind = message["msg_type"]
    if kind in ("display_data", "execute_result"):
        shown[-1].append({"kind": "data", "data": content["data"]})
    elif kind == "stream":
        shown[-1].append({"kind": "text", "text": content["text"]})
    elif kind == "error":
        shown[-1].append({"kind": "error", "text": content["evalue"]})


try:
    client.wait_for_ready(timeout=60)
    for cell in cells:
        shown.append([])
        client.execute_interactive(cell, timeout=60, output_hook=show)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(json.dumps(shown))
