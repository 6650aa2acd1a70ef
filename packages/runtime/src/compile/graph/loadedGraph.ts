import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeBinding, TensorMetadata } from "../nativeBackend.js";
import { SESSION_CONFIG } from "../../native/sessionConfig.js";
import { ProtoMessage } from "@fulmine/core/node";
import { TAG } from "./savedModel.js";

/** Runs a part of a graph. */
export type RunGraph = (feeds: readonly number[]) => TensorMetadata[];

/** A graph that TensorFlow holds. */
export interface LoadedGraph {
  /**
   * Gives what runs a part of the graph on tensors and gives its fetches, all by TensorFlow's numbers.
   *
   * @param feeds - The names of the nodes to feed.
   * @param fetches - The names of the outputs to fetch, with `:index`.
   */
  part(feeds: readonly string[], fetches: readonly string[]): RunGraph;
  /** Lets TensorFlow free the graph. */
  dispose(): void;
}

/**
 * Hands a graph to TensorFlow. Its addon reads graphs from a folder alone, which is gone again when this returns.
 *
 * @param isOnOneThread - Whether its operations run in the calling thread alone; otherwise on all threads.
 */
export function loadGraph(binding: NativeBinding, bytes: Uint8Array, isOnOneThread: boolean): LoadedGraph {
  const folder = mkdtempSync(join(tmpdir(), "fulmine-step-"));
  let id: number;
  try {
    writeFileSync(join(folder, "saved_model.pb"), bytes);
    id = withSessionConfig(isOnOneThread, () => binding.loadSavedModel(folder, TAG));
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
 * The settings of a step's session, as TensorFlow's `ConfigProto`: no rewriting of the graph, neither as a whole nor of
 * what is run of it, for that takes longer than many steps and could change their last bits.
 */
function sessionConfig(isOnOneThread: boolean): string {
  const config = new ProtoMessage().message(
    10,
    new ProtoMessage()
      .message(3, new ProtoMessage().whole(3, -1))
      .message(10, new ProtoMessage().whole(19, true)),
  );
  // One thread within an operation, and operations one after the other in the calling thread.
  if (isOnOneThread) config.whole(2, 1).whole(5, -1);
  return Buffer.from(config.encode()).toString("hex");
}

function withSessionConfig<T>(isOnOneThread: boolean, load: () => T): T {
  process.env[SESSION_CONFIG] = sessionConfig(isOnOneThread);
  try {
    return load();
  } finally {
    Reflect.deleteProperty(process.env, SESSION_CONFIG);
  }
}
