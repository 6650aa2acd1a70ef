import { engine, type DataId, type Tensor, type Variable } from "@tensorflow/tfjs-core";

/** A kernel's attributes. */
export type Attributes = Readonly<Record<string, unknown>>;

/** A kernel's inputs; an optional input may be left out. */
export type KernelInputs = Readonly<Record<string, Tensor | null | undefined>>;

/** A call of a kernel, or of an operation with a custom gradient, which has no kernel name. */
export interface KernelCall {
  readonly kernelName?: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
}

/** The fields of a tape node that are used here. */
export interface TapeNode {
  readonly outputs: Tensor[];
  /** Copies of tensors for the backward pass, which disposes them. */
  readonly saved: readonly Tensor[];
}

/** The tensors of one `tidy`. */
export interface Scope {
  readonly name: string;
  readonly track: Tensor[];
}

/** The internals of tfjs's engine that tracing uses, as of version 4.22; no public API offers them. */
export interface TfjsEngine {
  readonly state: {
    activeTape: TapeNode[] | null;
    kernelDepth: number;
    readonly activeScope: Scope | null;
    readonly profiling: boolean;
    readonly tensorInfo: { has(dataId: DataId): boolean };
  };
  runKernel(name: string, inputs: KernelInputs, attributes?: Attributes): Tensor | Tensor[];
  makeTensor(values: unknown, shape: number[], dtype?: string, backend?: unknown): Tensor;
  makeVariable(...args: readonly unknown[]): Variable;
  runKernelFunc(call: KernelCall): Tensor | Tensor[];
  gradients(...args: readonly unknown[]): unknown;
  read(dataId: DataId): Promise<unknown>;
  readSync(dataId: DataId): unknown;
  moveData(backend: unknown, dataId: DataId): void;
  disposeTensor(tensor: Tensor): void;
  disposeVariable(variable: Variable): void;
  memory(): unknown;
  profile(query: unknown): Promise<unknown>;
  time(query: unknown): Promise<unknown>;
  isTapeOn(): boolean;
  nextTensorId(): number;
  track(tensor: Tensor): Tensor;
  startScope(name: string): void;
  endScope(result?: Tensor | readonly Tensor[]): void;
  startTape(): void;
  endTape(): void;
}

/** Gets tfjs's engine, with the members that its types hide. */
export function tfjsEngine(): TfjsEngine {
  return engine() as unknown as TfjsEngine;
}

/** Whether a tensor is a variable. */
export function isVariable(tensor: Tensor): tensor is Variable {
  return "trainable" in tensor;
}
