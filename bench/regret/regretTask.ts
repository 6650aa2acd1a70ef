import { readNpy, type ShapedValues } from "@fulmine/core";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A layer as `task.json` describes it. */
export type LayerSpec =
  | { readonly type: "dense"; readonly units: number; readonly activation?: Activation }
  | {
      readonly type: "conv2d";
      readonly filters: number;
      readonly kernelSize: number;
      readonly padding: "same" | "valid";
      readonly activation?: Activation;
    }
  | { readonly type: "activation"; readonly activation: Activation }
  | { readonly type: "maxPool2d"; readonly poolSize: number }
  | { readonly type: "embedding"; readonly vocab: number; readonly dim: number }
  | { readonly type: "batchNorm" | "flatten" | "globalAveragePool2d" };

type Activation = "relu" | "tanh";

/** A task as `task.json` describes it. */
export interface TaskSpec {
  readonly name: string;
  readonly layers: readonly LayerSpec[];
  readonly optimizer: {
    readonly type: "sgd" | "adam" | "adamw" | "rmsprop";
    readonly momentum?: number;
    readonly weightDecay?: number;
  };
  readonly batchSize: number;
  readonly steps: number;
  readonly evalEvery: number;
  readonly loss: "crossEntropy" | "mse";
  readonly seeds: readonly number[];
  readonly dropLast: boolean;
}

/** The results of the PyTorch peers on a task. */
export interface PeerResults {
  readonly versions: Readonly<Record<string, string>>;
  readonly best: { readonly lr: number };
  readonly peers: Readonly<
    Record<string, readonly { readonly seed: number; readonly lr: number | null; readonly gap: number }[]>
  >;
}

/** A task with its data and the peers' results. */
export interface RegretTask {
  readonly spec: TaskSpec;
  readonly train: { readonly xs: ShapedValues; readonly ys: ShapedValues };
  readonly val: { readonly xs: ShapedValues; readonly ys: ShapedValues };
  readonly peers: PeerResults;
}

/** The names of the tasks in a folder: its subfolders that contain a `task.json`. */
export function listTasks(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "task.json")))
    .sort();
}

/** Reads a task's folder. */
export function readTask(folder: string): RegretTask {
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));
  const array = (name: string): ShapedValues => readNpy(readFileSync(join(folder, `${name}.npy`)));
  return {
    spec: json("task.json") as TaskSpec,
    train: { xs: array("x_train"), ys: array("y_train") },
    val: { xs: array("x_val"), ys: array("y_val") },
    peers: json("peers.json") as PeerResults,
  };
}

/** A rough estimate of a task's run time, to sort by. */
export function taskCost({ layers, steps, batchSize }: TaskSpec): number {
  const perExample = layers.reduce((sum, { type }) => sum + (type === "conv2d" ? 1 : 0.01), 0);
  return steps * (layers.length + perExample * batchSize);
}
