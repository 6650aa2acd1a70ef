import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Interception } from "./interception.js";
import { forgetMade, type MadeTensor } from "./madeTensor.js";
import { tfjsEngine, type KernelInputs, type TapeNode } from "./tfjsEngine.js";
import type { AssignEvent, CustomGradientEvent, KernelEvent } from "./trace.js";
import type { ValueNumbers } from "./valueNumbers.js";

/** A kernel that is still to run; its results are tensors without data. */
export interface PendingKernel {
  readonly kind: "kernel";
  readonly event: KernelEvent;
  readonly inputs: KernelInputs;
  /** After how many nodes of the tape its gradient is to be recorded; {@link NO_TAPE} where it is not. */
  readonly tapeLength: number;
}

/** The tape's length where nothing is recorded. */
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

/** Something that a forward pass did, and that has not reached TensorFlow. */
export type LogEntry = PendingKernel | PendingMade | PendingAssign | PassedCustomGradient;

/** Told of each entry before it is carried out. */
export type OnEntry = (entry: LogEntry) => void;

/**
 * Carries out what a forward pass has done so far without any kernel: the tensors that it holds get their data, and the tape
 * and the variables come to be what they would be by now.
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
  // Operations with gradients of their own have put their nodes on the tape already.
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
  } catch (error) {
    // What has no data by now never gets any.
    for (const tensor of emptyTensors(log, tensors)) if (!hasData(tensor)) tensor.dispose();
    throw error;
  } finally {
    state.kernelDepth = kernelDepth;
    tape?.push(...customNodes.slice(customCount));
    engine.endScope();
  }
  for (const tensor of emptyTensors(log, tensors))
    if (tensor.isDisposed) interception.original.disposeTensor(tensor);
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

/** Lets a tensor without data take over another's, which is not to be used any more. */
export function adopt(tensor: Tensor, real: Tensor): void {
  Object.assign(tensor, { dataId: real.dataId });
  forgetMade(tensor);
  const track = tfjsEngine().state.activeScope?.track ?? [];
  const index = track.lastIndexOf(real);
  if (index >= 0) track.splice(index, 1);
}

/** The tensors that a forward pass made without data. */
export function emptyTensors(log: readonly LogEntry[], tensors: readonly Tensor[]): Tensor[] {
  return log.flatMap((entry): readonly Tensor[] => {
    if (entry.kind === "kernel") return resultsOf(entry.event, tensors);
    return entry.kind === "made" ? [entry.tensor] : [];
  });
}

function hasData({ dataId }: Tensor): boolean {
  return tfjsEngine().state.tensorInfo.has(dataId);
}
