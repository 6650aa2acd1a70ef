import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProtoMessage } from "@fulmine/core/node";
import { setEnvironment } from "../../native/load/processAddon.js";
import type { NativeBinding, TensorMetadata } from "./nativeBackend.js";

/**
 * The environment variable from which the addon reads the session settings of a graph, in hexadecimal; see
 * `binding/session_config.cc`.
 */
const SESSION_CONFIG = "FULMINE_SESSION_CONFIG";

/** Runs a part of a graph; returns its fetches. */
export type RunGraph = (feeds: readonly number[]) => TensorMetadata[];

/** A graph that TensorFlow has loaded. */
export interface LoadedGraph {
  /**
   * Makes a function that runs a part of the graph. It takes the numbers of the tensors to feed.
   *
   * @param feeds - The names of the nodes to feed.
   * @param fetches - The names of the outputs to fetch, with `:index`.
   */
  part(feeds: readonly string[], fetches: readonly string[]): RunGraph;
  /** Frees the graph. */
  dispose(): void;
}

/**
 * Loads a graph into TensorFlow. The addon reads graphs only from a folder, so this writes a temporary one and removes it.
 *
 * @param isSmall - Whether distributing its operations to other threads takes longer than the operations.
 */
export function loadGraph(binding: NativeBinding, bytes: Uint8Array, isSmall: boolean): LoadedGraph {
  const folder = mkdtempSync(join(tmpdir(), "fulmine-step-"));
  let id: number;
  try {
    writeFileSync(join(folder, "saved_model.pb"), bytes);
    id = withSessionConfig(isSmall, () => binding.loadSavedModel(folder, TAG));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    part(feeds, fetches) {
      const feedNames = feeds.map((name) => `${name}:0`).join(",");
      const fetchNames = fetches.join(",");
      if (fetches.length === 0) return () => [];
      return (tensors) => binding.runSavedModel(id, tensors, feedNames, fetchNames);
    },
    dispose: () => binding.deleteSavedModel(id),
  };
}

/**
 * Makes the settings of a step's session, a `ConfigProto` of TensorFlow in hexadecimal. They turn off the rewriting of
 * graphs, which takes longer than many steps and could change their last bits.
 */
function sessionConfig(isSmall: boolean): string {
  const config = new ProtoMessage().message(
    10,
    new ProtoMessage()
      .message(3, new ProtoMessage().whole(3, -1))
      .message(10, new ProtoMessage().whole(19, true)),
  );
  // Operations run one after the other in the calling thread. The number of threads within an operation is that of eager
  // kernels: another number would add sums up in another order.
  if (isSmall) config.whole(5, -1);
  return Buffer.from(config.encode()).toString("hex");
}

function withSessionConfig<T>(isSmall: boolean, load: () => T): T {
  setEnvironment(SESSION_CONFIG, sessionConfig(isSmall));
  try {
    return load();
  } finally {
    setEnvironment(SESSION_CONFIG, null);
  }
}

/** The graph version of TensorFlow 2.11; every later version of TensorFlow reads it too. */
const GRAPH_VERSION = 1395;

/** The tag of the saved graph. */
const TAG = "serve";

/** Encodes a graph as TensorFlow's `SavedModel`, the only format that tfjs's native addon loads. */
export function savedModel(nodes: readonly ProtoMessage[]): Uint8Array {
  const graph = new ProtoMessage();
  for (const node of nodes) graph.message(1, node);
  graph.message(4, new ProtoMessage().whole(1, GRAPH_VERSION));
  const tags = new ProtoMessage().text(4, TAG);
  const metaGraph = new ProtoMessage().message(1, tags).message(2, graph);
  return new ProtoMessage().whole(1, 1).message(2, metaGraph).encode();
}
