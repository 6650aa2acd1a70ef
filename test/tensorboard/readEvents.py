"""Prints as JSON what TensorBoard itself reads out of a folder of runs."""

import json
import sys

from google.protobuf import json_format
from tensorboard import context
from tensorboard.backend.event_processing import data_provider
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.backend.event_processing import plugin_event_multiplexer
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2
from tensorboard.plugins.hparams import backend_context
from tensorboard.plugins.hparams import get_experiment
from tensorboard.plugins.hparams import list_session_groups
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.util import tensor_util


def read_run(path):
    """Everything in one run's event files."""
    run = event_accumulator.EventAccumulator(
        path, size_guidance=event_accumulator.STORE_EVERYTHING_SIZE_GUIDANCE
    ).Reload()
    tags = run.Tags()
    hparams = {}
    for tag in run.summary_metadata:
        metadata = run.SummaryMetadata(tag)
        if metadata.plugin_data.plugin_name == "hparams":
            data = plugin_data_pb2.HParamsPluginData.FromString(metadata.plugin_data.content)
            hparams[tag] = json_format.MessageToDict(data)
    texts = {
        tag: [
            [event.step, tensor_util.make_ndarray(event.tensor_proto).item().decode()]
            for event in run.Tensors(tag)
        ]
        for tag in tags["tensors"]
        if run.SummaryMetadata(tag).plugin_data.plugin_name == "text"
    }
    return {
        "fileVersion": run.file_version,
        "scalars": {
            tag: [[event.step, repr(event.value), event.wall_time] for event in run.Scalars(tag)]
            for tag in tags["scalars"]
        },
        "histograms": {
            tag: [[event.step, event.histogram_value.__dict__] for event in run.Histograms(tag)]
            for tag in tags["histograms"]
        },
        "images": {
            tag: [
                [event.step, event.width, event.height, event.encoded_image_string[1:4].decode()]
                for event in run.Images(tag)
            ]
            for tag in tags["images"]
        },
        "texts": texts,
        "hparams": hparams,
    }


def read_hparams_tab(folder):
    """What the HPARAMS tab asks its backend for: the columns and the rows."""
    runs = plugin_event_multiplexer.EventMultiplexer()
    runs.AddRunsFromDirectory(folder)
    runs.Reload()
    provider = data_provider.MultiplexerDataProvider(runs, folder)
    backend = backend_context.Context(base_plugin.TBContext(data_provider=provider))
    request = context.RequestContext()
    columns = get_experiment.Handler(
        request, backend, "", api_pb2.GetExperimentRequest(include_metrics=True)
    ).run()
    rows = list_session_groups.Handler(
        request,
        backend,
        "",
        api_pb2.ListSessionGroupsRequest(
            start_index=0,
            slice_size=100,
            allowed_statuses=[0, 1, 2, 3],
        ),
    ).run()
    return {
        "columns": [[info.name, api_pb2.DataType.Name(info.type)] for info in columns.hparam_infos],
        "metrics": [info.name.tag for info in columns.metric_infos],
        "rows": [json_format.MessageToDict(group) for group in rows.session_groups],
    }


if __name__ == "__main__":
    folder, *names = sys.argv[1:]
    print(
        json.dumps(
            {
                "runs": {name: read_run(f"{folder}/{name}") for name in names},
                "tab": read_hparams_tab(folder),
            }
        )
    )
