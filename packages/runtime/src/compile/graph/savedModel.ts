import { ProtoMessage } from "@fulmine/core/node";

/** The version of graphs that is written, that of TensorFlow 2.11; every later one reads it too. */
const GRAPH_VERSION = 1395;

/** The tag under which a graph is saved. */
export const TAG = "serve";

/** A graph of nodes as TensorFlow's `SavedModel`, the one form in which its native addon takes a graph. */
export function savedModel(nodes: readonly ProtoMessage[]): Uint8Array {
  const graph = new ProtoMessage();
  for (const node of nodes) graph.message(1, node);
  graph.message(4, new ProtoMessage().whole(1, GRAPH_VERSION));
  const tags = new ProtoMessage().text(4, TAG);
  const metaGraph = new ProtoMessage().message(1, tags).message(2, graph);
  return new ProtoMessage().whole(1, 1).message(2, metaGraph).encode();
}
