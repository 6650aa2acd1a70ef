import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Interception } from "./interception.js";
import { tfjsEngine, type KernelInputs, type TapeNode } from "./tfjsEngine.js";
import type { AssignEvent, CustomGradientEvent, KernelEvent } from "./trace.js";
import type { ValueNumbers } from "./valueNumbers.js";

/** A kernel that has not run yet; its results are tensors without data. */
export interface PendingKernel {
  readonly kind: "kernel";
  readonly event: KernelEvent;
  readonly inputs: KernelInputs;
  /** The tape's length when the kernel was called; {@link NO_TAPE} if the tape does not record the kernel. */
  readonly tapeLength: number;
}

/** The tape length of a kernel that the tape does not record. */
export const NO_TAPE = -1;

interface PendingMade {
  readonly kind: "made";
  readonly tensor: Tensor;
  readonly made: MadeTensor;
}

interface PendingAssign {
  readonly kind: "assign";
  readonly event: AssignEvent;
  readonly variable: Variable;
  readonly value: Tensor;
}

interface PassedCustomGradient {
  readonly kind: "custom";
  readonly event: CustomGradientEvent;
}

/** A deferred call of a forward pass: TensorFlow has not run it yet. */
export type LogEntry = PendingKernel | PendingMade | PendingAssign | PassedCustomGradient;

/** Called with each entry before it is carried out. */
export type OnEntry = (entry: LogEntry) => void;

/**
 * Carries out the deferred calls of a forward pass. Its tensors get their data, and the tape and the variables become what
 * they would be in an eager forward pass.
 */
export function carryOut(
  log: readonly LogEntry[],
  { tensors }: ValueNumbers,
  interception: Interception,
  onEntry: OnEntry,
): void {
  const engine = tfjsEngine();
  const { state } = engine;
  const { kernelDepth } = state;
  // Operations with custom gradients have put their nodes on the tape already.
  const customNodes: readonly TapeNode[] = state.activeTape ?? [];
  const tape: TapeNode[] | null = state.activeTape === null ? null : [];
  let customCount = 0;
  state.activeTape = tape;
  engine.startScope("deferred kernels");
  try {
    for (const entry of log) {
      onEntry(entry);
      if (entry.kind === "made") {
        const { values, shape, dtype } = entry.made;
        adopt(entry.tensor, interception.original.makeTensor(values, shape, dtype));
      } else if (entry.kind === "assign") interception.assign(entry.variable, entry.value);
      else if (entry.kind === "kernel") {
        while (customCount < entry.tapeLength) tape?.push(customNodes[customCount++] as TapeNode);
        state.kernelDepth = entry.tapeLength === NO_TAPE ? 1 : 0;
        runPending(entry, resultsOf(entry.event, tensors), interception, tape);
      }
    }
  } finally {
    state.kernelDepth = kernelDepth;
    tape?.push(...customNodes.slice(customCount));
    engine.endScope();
    for (const tensor of emptyTensors(log, tensors)) {
      // After an error some tensors have no data and never get any.
      if (!hasData(tensor)) tensor.dispose();
      else if (tensor.isDisposed) interception.original.disposeTensor(tensor);
    }
  }
}

function runPending(
  { event, inputs, tapeLength }: PendingKernel,
  outputs: readonly Tensor[],
  { original }: Interception,
  tape: TapeNode[] | null,
): void {
  const results = [original.runKernel(event.name, inputs, event.attributes)].flat();
  for (const [index, output] of outputs.entries()) adopt(output, results[index] as Tensor);
  const node = tapeLength === NO_TAPE ? undefined : tape?.at(-1);
  if (node !== undefined) node.outputs.splice(0, outputs.length, ...outputs);
}

function resultsOf({ first, outputs }: KernelEvent, tensors: readonly Tensor[]): readonly Tensor[] {
  return tensors.slice(first, first + outputs.length);
}

/** Gives a tensor without data the data of another tensor, which must not be used any more. */
export function adopt(tensor: Tensor, real: Tensor): void {
  Object.assign(tensor, { dataId: real.dataId });
  forgetMade(tensor);
  const track = tfjsEngine().state.activeScope?.track ?? [];
  const index = track.lastIndexOf(real);
  if (index >= 0) track.splice(index, 1);
}

/** Lists the tensors that a forward pass made without data. */
export function emptyTensors(log: readonly LogEntry[], tensors: readonly Tensor[]): Tensor[] {
  return log.flatMap((entry): readonly Tensor[] => {
    if (entry.kind === "kernel") return resultsOf(entry.event, tensors);
    return entry.kind === "made" ? [entry.tensor] : [];
  });
}

function hasData({ dataId }: Tensor): boolean {
  return tfjsEngine().state.tensorInfo.has(dataId);
}

/** A tensor made from JavaScript values that has no data yet. */
export interface MadeTensor {
  readonly shape: number[];
  readonly dtype: Tensor["dtype"];
  /** The values. They are copied at the tensor's first use; until then the caller's changes to them count. */
  values: ArrayBufferView;
}

const MADE = Symbol("values in JavaScript");

interface Made {
  [MADE]?: MadeTensor | undefined;
}

/** Records the values of a tensor without data. */
export function noteMade(tensor: Tensor, made: MadeTensor): void {
  (tensor as Made)[MADE] = made;
}

/** Gets the JavaScript values of a tensor without data; `undefined` for any other tensor. */
export function madeValuesOf(tensor: Tensor): MadeTensor | undefined {
  return (tensor as Made)[MADE];
}

/** Removes the recorded values of a tensor that has data from now on. */
function forgetMade(tensor: Tensor): void {
  if (madeValuesOf(tensor) !== undefined) (tensor as Made)[MADE] = undefined;
}
