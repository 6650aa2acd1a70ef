import { ProtoMessage } from "@fulmine/core/node";

/** The graph version of TensorFlow 2.11; every later version of TensorFlow reads it too. */
const GRAPH_VERSION = 1395;

/** The tag of the saved graph. */
export const TAG = "serve";

/** Encodes a graph as TensorFlow's `SavedModel`, the only format that tfjs's native addon loads. */
export function savedModel(nodes: readonly ProtoMessage[]): Uint8Array {
  const graph = new ProtoMessage();
  for (const node of nodes) graph.message(1, node);
  graph.message(4, new ProtoMessage().whole(1, GRAPH_VERSION));
  const tags = new ProtoMessage().text(4, TAG);
  const metaGraph = new ProtoMessage().message(1, tags).message(2, graph);
  return new ProtoMessage().whole(1, 1).message(2, metaGraph).encode();
}
