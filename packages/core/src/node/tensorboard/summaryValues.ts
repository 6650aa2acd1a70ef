import { FulmineError } from "../../errors/fulmineError.js";
import type { RunStatus } from "../../loggers/logger.js";
import { histogramOf } from "./histogram.js";
import { ProtoMessage } from "../protoMessage.js";

// Field numbers: TensorBoard's compat/proto/summary.proto, tensor.proto and plugins/hparams/plugin_data.proto.

const DATA_CLASS_TENSOR = 2;
const DT_FLOAT = 1;
const DT_STRING = 7;
const RGBA = 4;
/** With what every PNG file begins: https://www.w3.org/TR/png-3/#5PNG-file-signature */
const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const SESSION_STATUS = { finished: 1, stopped: 1, failed: 2, interrupted: 0 } as const satisfies Record<
  RunStatus,
  number
>;

/** A number for the Scalars tab; TensorBoard keeps it as a 32-bit float. */
export function scalarValue(tag: string, value: number): ProtoMessage {
  return new ProtoMessage().text(1, tag).float(2, value);
}

/** A distribution for the Histograms and Distributions tabs. */
export function histogramValue(tag: string, values: ArrayLike<number>): ProtoMessage {
  const { min, max, num, sum, sumSquares, limits, counts } = histogramOf(values);
  const histogram = new ProtoMessage().double(1, min).double(2, max).double(3, num);
  histogram.double(4, sum).double(5, sumSquares).doubles(6, limits).doubles(7, counts);
  return new ProtoMessage().text(1, tag).message(5, histogram);
}

/**
 * A picture for the Images tab.
 *
 * @throws FulmineError `INVALID_DATA` when it is no PNG.
 */
export function imageValue(tag: string, png: Uint8Array): ProtoMessage {
  if (png.length < 24 || PNG_SIGNATURE.some((byte, at) => png[at] !== byte)) {
    throw new FulmineError("INVALID_DATA", `The image \`${tag}\` is no PNG.`, { received: png.slice(0, 8) });
  }
  const header = new DataView(png.buffer, png.byteOffset);
  const image = new ProtoMessage().whole(1, header.getUint32(20)).whole(2, header.getUint32(16));
  return new ProtoMessage().text(1, tag).message(4, image.whole(3, RGBA).bytes(4, png));
}

/** A text, shown as Markdown, for the Text tab. */
export function textValue(tag: string, text: string): ProtoMessage {
  const scalarShape = new ProtoMessage();
  const tensor = new ProtoMessage().whole(1, DT_STRING).message(2, scalarShape).text(8, text);
  return pluginValue(tag, "text", new ProtoMessage(), tensor);
}

/**
 * The hyperparameters of a run for the HParams tab.
 *
 * No experiment is declared beside it: TensorBoard takes the first declaration that it finds for all runs in its folder
 * and hides what that run did not have. Without any it looks through all runs for hyperparameters and metrics.
 */
export function hparamsValue(
  hparams: Readonly<Record<string, string | number | boolean>>,
  start: number,
): ProtoMessage {
  const session = new ProtoMessage();
  for (const [name, value] of Object.entries(hparams))
    session.message(1, new ProtoMessage().text(1, name).message(2, structValue(value)));
  const data = new ProtoMessage().message(3, session.double(5, start));
  return pluginValue("_hparams_/session_start_info", "hparams", data, emptyTensor());
}

/** How a run ended, and when, for the HParams tab. */
export function sessionEndValue(status: RunStatus, end: number): ProtoMessage {
  const session = new ProtoMessage().whole(1, SESSION_STATUS[status]).double(2, end);
  return pluginValue(
    "_hparams_/session_end_info",
    "hparams",
    new ProtoMessage().message(4, session),
    emptyTensor(),
  );
}

function pluginValue(tag: string, plugin: string, data: ProtoMessage, tensor: ProtoMessage): ProtoMessage {
  const pluginData = new ProtoMessage().text(1, plugin).message(2, data);
  const metadata = new ProtoMessage().message(1, pluginData).whole(4, DATA_CLASS_TENSOR);
  return new ProtoMessage().text(1, tag).message(8, tensor).message(9, metadata);
}

/** An empty tensor, for summaries whose metadata is all that counts. */
function emptyTensor(): ProtoMessage {
  const noElements = new ProtoMessage().message(2, new ProtoMessage().whole(1, 0));
  return new ProtoMessage().whole(1, DT_FLOAT).message(2, noElements);
}

/** A `google.protobuf.Value`. */
function structValue(value: string | number | boolean): ProtoMessage {
  if (typeof value === "number") return new ProtoMessage().double(2, value);
  return typeof value === "string" ? new ProtoMessage().text(3, value) : new ProtoMessage().whole(4, value);
}
