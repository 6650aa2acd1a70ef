import { dispose, type Variable } from "@tensorflow/tfjs-core";
import type { NamedTensors } from "./updateRule.js";

/** Some parameters with settings of their own. */
export interface ParamGroup<Options> {
  /** The parameters; left out, all trainable variables of the module that no other group names. */
  params?: readonly Variable[];
  /** The learning rate. */
  lr: number;
  /** The optimizer's other settings; a schedule that moves one, such as the momentum, puts a new object here. */
  options: Options;
}

/** An optimizer's whole state, held apart: clones that share memory with the originals. */
export interface OptimizerSnapshot<Options extends object = object> {
  readonly groups: readonly { readonly lr: number; readonly options: Options }[];
  readonly states: readonly {
    readonly param: Variable;
    /** How many steps the parameter has taken. */
    readonly step: number;
    readonly slots: NamedTensors;
  }[];
  /** What belongs to no single parameter. */
  readonly shared: NamedTensors;
}

/** A tensor as plain data. */
export interface SavedTensor {
  readonly dtype: "float32" | "int32" | "bool";
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** An optimizer's whole state as plain data and typed arrays. */
export interface OptimizerStateDict {
  /** The optimizer's name. */
  readonly name: string;
  /** The groups' learning rates and settings, in order. */
  readonly groups: readonly { readonly lr: number; readonly options: object }[];
  /** The parameters of all groups, in order; the names help people, the order counts. */
  readonly params: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    /** How many steps the parameter has taken. */
    readonly step: number;
    readonly slots: Readonly<Record<string, SavedTensor>>;
  }[];
  /** What belongs to no single parameter. */
  readonly shared: Readonly<Record<string, SavedTensor>>;
}

/** The part of an optimizer that its state dict is made from and checked against. */
export interface StatefulOptimizer<Options extends object = object> {
  readonly name: string;
  readonly params: readonly Variable[];
  readonly paramGroups: readonly ParamGroup<Options>[];
  slotNames?(options: Options): { readonly names: readonly string[]; readonly areNeeded: boolean };
  snapshot(): OptimizerSnapshot<Options>;
}

/** Frees a snapshot that is not restored. */
export function disposeSnapshot({ states, shared }: OptimizerSnapshot): void {
  dispose([states.map(({ slots }) => slots), shared]);
}
