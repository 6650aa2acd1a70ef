import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeBinding, TensorMetadata } from "../nativeBackend.js";
import { SESSION_CONFIG } from "../../native/sessionConfig.js";
import { ProtoMessage } from "@fulmine/core/node";
import { TAG } from "./savedModel.js";

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
  process.env[SESSION_CONFIG] = sessionConfig(isSmall);
  try {
    return load();
  } finally {
    Reflect.deleteProperty(process.env, SESSION_CONFIG);
  }
}
