import { dispose, type Variable } from "@tensorflow/tfjs-core";
import type { ParamGroup } from "./paramGroup.js";
import type { NamedTensors } from "./updateRule.js";

/** An optimizer's state as clones of its tensors, which share memory with the originals. */
export interface OptimizerSnapshot<Settings extends object = object> {
  /** The groups' learning rates and settings, in order. */
  readonly groups: readonly { readonly lr: number; readonly options: Settings }[];
  /** The state of each parameter that has one. */
  readonly states: readonly {
    readonly param: Variable;
    /** The number of steps that the parameter has taken. */
    readonly step: number;
    readonly slots: NamedTensors;
  }[];
  /** Tensors that belong to no single parameter. */
  readonly shared: NamedTensors;
}

/** A tensor as plain data. */
export interface SavedTensor {
  readonly dtype: "float32" | "int32" | "bool";
  readonly shape: readonly number[];
  /** The elements in row-major order. */
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** An optimizer's state as plain data and typed arrays. */
export interface OptimizerStateDict {
  /** The optimizer's name. */
  readonly name: string;
  /** The groups' learning rates and settings, in order. */
  readonly groups: readonly { readonly lr: number; readonly options: object }[];
  /** The parameters of all groups. They are matched by order; their names are only for people. */
  readonly params: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    /** The number of steps that the parameter has taken. */
    readonly step: number;
    readonly slots: Readonly<Record<string, SavedTensor>>;
  }[];
  /** Tensors that belong to no single parameter. */
  readonly shared: Readonly<Record<string, SavedTensor>>;
}

/** The slots that a parameter may have. */
export interface SlotNames {
  readonly names: readonly string[];
  /** Whether a parameter that has taken a step must have all of them. */
  readonly areNeeded: boolean;
}

/** The part of an optimizer that saving and loading its state needs. */
export interface StatefulOptimizer<Settings extends object = object> {
  readonly name: string;
  readonly params: readonly Variable[];
  readonly paramGroups: readonly ParamGroup<Settings>[];
  slotNames?(options: Settings): SlotNames;
  snapshot(): OptimizerSnapshot<Settings>;
}

/** Disposes a snapshot that will not be restored. */
export function disposeSnapshot({ states, shared }: OptimizerSnapshot): void {
  dispose([states.map(({ slots }) => slots), shared]);
}
