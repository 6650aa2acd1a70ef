import type { DataId, Tensor, Variable } from "@tensorflow/tfjs-core";
import {
  adopt,
  carryOut,
  emptyTensors,
  NO_TAPE,
  type LogEntry,
  madeValuesOf,
  noteMade,
  type MadeTensor,
} from "./callLog.js";
import { READS } from "./graphBreaks.js";
import type { Interception, Interceptor } from "./interception.js";
import type { Recorder } from "./recorder.js";
import { isVariable, tfjsEngine, type Attributes, type KernelInputs } from "./tfjsEngine.js";
import {
  isSameList,
  commonPrefix,
  hasAttributes,
  NO_VALUE,
  type CustomGradientEvent,
  type ExternalValue,
  type KernelEvent,
  type TensorKind,
  type Trace,
} from "./trace.js";
import { ValueNumbers } from "./valueNumbers.js";

/**
 * Called when a forward pass leaves all traces, before its deferred kernels are carried out.
 *
 * @param graphBreak - The graph-break reason; `null` for a mismatch.
 * @returns The recorder for the further calls; `null` to record nothing.
 */
export type OnDiverged = (graphBreak: string | null) => Recorder | null;

/** A forward pass that matched a trace. */
export interface MatchedCall {
  /** The index of the trace. */
  readonly index: number;
  readonly values: ValueNumbers;
}

/**
 * Runs a forward pass's JavaScript without its kernels, and compares each call with known traces.
 *
 * The tensors have no data. At the first mismatch the deferred kernels are carried out, and the pass continues eagerly.
 */
export class ShadowCall implements Interceptor {
  readonly #interception: Interception;
  readonly #engine = tfjsEngine();
  readonly #traces: readonly Trace[];
  readonly #onDiverged: OnDiverged;
  readonly #values = new ValueNumbers();
  readonly #log: LogEntry[] = [];
  /** The data ids that the assigned variables had before the forward pass. */
  readonly #formerData = new Map<Variable, DataId>();
  /** Tensors that keep data alive which the forward pass used and then disposed. */
  readonly #pins: Tensor[] = [];
  /** The index of the followed trace; another trace can replace it if both are the same so far. */
  #index = 0;
  #trace: Trace;
  #at = 0;
  #isOver = false;

  constructor(interception: Interception, traces: readonly Trace[], onDiverged: OnDiverged) {
    this.#interception = interception;
    this.#traces = traces;
    this.#trace = traces[0] as Trace;
    this.#onDiverged = onDiverged;
  }

  /** The values numbered so far. */
  get values(): ValueNumbers {
    return this.#values;
  }

  /**
   * Ends the forward pass.
   *
   * @returns The trace that it matched to the end; `null` when it diverged, so that its tensors have data.
   */
  finish(output: Tensor | undefined): MatchedCall | null {
    if (this.#isOver) return null;
    const before = this.#values.count;
    const isAt = ({ events, externals, output: expected, kept }: Trace): boolean =>
      events.length === this.#at && this.#isValue(externals, output, expected) && this.#isKept(kept);
    if (!this.#follow(before, isAt)) {
      this.diverge(null);
      return null;
    }
    this.#takeValues(before);
    this.#restoreData();
    return { index: this.#index, values: this.#values };
  }

  /** Carries out the deferred calls; the forward pass then continues eagerly. */
  diverge(graphBreak: string | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#interception.active = null;
    this.#restoreData();
    const next = this.#onDiverged(graphBreak);
    try {
      carryOut(this.#log, this.#values, this.#interception, (entry) => next?.noteEntry(entry));
    } finally {
      this.dispose();
    }
    this.#interception.active = next;
  }

  /** Gives data to the kept tensors that the forward pass made from JavaScript values. */
  keepMade(): void {
    for (const entry of this.#log) {
      if (entry.kind !== "made" || !entry.tensor.kept || entry.tensor.isDisposed) continue;
      const { values, shape, dtype } = entry.made;
      adopt(entry.tensor, this.#interception.original.makeTensor(values, shape, dtype));
    }
  }

  /** Releases the data that the call kept alive. */
  dispose(): void {
    for (const pin of this.#pins.splice(0)) pin.dispose();
  }

  /** Carries out the deferred calls of a forward pass that has ended, so that the step can continue eagerly. */
  carryOut(): void {
    carryOut(this.#log, this.#values, this.#interception, () => undefined);
    this.#isOver = true;
  }

  runKernel(name: string, inputs: KernelInputs, attributes?: Attributes): Tensor | Tensor[] {
    const before = this.#values.count;
    if (
      !this.#isKernel(this.#trace, name, inputs, attributes) &&
      !this.#switch(before, (trace) => this.#isKernel(trace, name, inputs, attributes))
    ) {
      this.diverge(null);
      return this.#engine.runKernel(name, inputs, attributes);
    }
    if (this.#values.count > before) this.#takeValues(before);
    const event = this.#trace.events[this.#at++] as KernelEvent;
    const { activeTape } = this.#engine.state;
    const tapeLength = activeTape !== null && this.#engine.isTapeOn() ? activeTape.length : NO_TAPE;
    this.#log.push({ kind: "kernel", event, inputs, tapeLength });
    const [only] = event.outputs;
    if (only !== undefined && !event.isList) return this.#result(only);
    return event.outputs.map((kind) => this.#result(kind));
  }

  makeTensor(values: unknown, shape: number[], dtype: string = "float32", backend?: unknown): Tensor {
    if (backend !== undefined || !ArrayBuffer.isView(values))
      return this.#interception.original.makeTensor(values, shape, dtype, backend);
    const made: MadeTensor = { values, shape, dtype: dtype as Tensor["dtype"] };
    const tensor = this.#interception.makeEmptyTensor(shape, made.dtype);
    noteMade(tensor, made);
    this.#log.push({ kind: "made", tensor, made });
    return tensor;
  }

  assign(variable: Variable, value: Tensor): void {
    const before = this.#values.count;
    const isNext = ({ events, externals }: Trace): boolean => {
      const event = events[this.#at];
      return (
        event?.kind === "assign" &&
        event.variable === variable &&
        variable.dtype === value.dtype &&
        isSameList(variable.shape, value.shape) &&
        this.#isValue(externals, value, event.value)
      );
    };
    if (!this.#follow(before, isNext)) {
      this.diverge(null);
      variable.assign(value);
      return;
    }
    const event = this.#trace.events[this.#at++];
    if (event?.kind !== "assign") return;
    this.#takeValues(before);
    this.#values.assign(variable, event.value);
    this.#log.push({ kind: "assign", event, variable, value });
    // A data id of its own: a read of the variable then can't be mistaken for a read of a tensor that shares its data.
    if (!this.#formerData.has(variable)) this.#formerData.set(variable, variable.dataId);
    Object.assign(variable, { dataId: {} });
  }

  beforeDispose(tensor: Tensor): void {
    if (madeValuesOf(tensor) !== undefined || isVariable(tensor)) return;
    const number = this.#values.of(tensor);
    if (number === undefined || !this.#values.isExternal(number)) return;
    // Keeps the data alive until the graph runs or the kernels are carried out.
    this.#pins.push(this.#interception.share(tensor));
  }

  beforeRead(dataId: DataId): DataId {
    const empty = [...this.#formerData.keys(), ...emptyTensors(this.#log, this.#values.tensors)].find(
      (each) => each.dataId === dataId,
    );
    if (empty === undefined) return dataId;
    this.diverge(READS);
    return empty.dataId;
  }

  customGradient(kind: "enter" | "leave", scope: string, tensors: readonly Tensor[]): void {
    const isNext = ({ events, externals }: Trace): boolean => {
      const event = events[this.#at];
      return (
        event?.kind === kind &&
        event.scope === scope &&
        event.values.length === tensors.length &&
        event.values.every((number, index) => this.#isValue(externals, tensors[index], number))
      );
    };
    const before = this.#values.count;
    if (!this.#follow(before, isNext)) {
      this.diverge(null);
      this.#interception.active?.customGradient(kind, scope, tensors);
      return;
    }
    this.#takeValues(before);
    const event = this.#trace.events[this.#at++] as CustomGradientEvent;
    this.#log.push({ kind: "custom", event });
  }

  breakGraph(reason: string): void {
    this.diverge(reason);
  }

  /** Restores the data ids of the assigned variables; they hold until the assignments are carried out. */
  #restoreData(): void {
    for (const [variable, dataId] of this.#formerData) Object.assign(variable, { dataId });
    this.#formerData.clear();
  }

  /** Whether the next event of the followed trace fits, or that of another trace, which is then followed. */
  #follow(before: number, isNext: (trace: Trace) => boolean): boolean {
    return isNext(this.#trace) || this.#switch(before, isNext);
  }

  /** Switches to another trace that is the same so far and whose next event fits; returns whether there is one. */
  #switch(before: number, isNext: (trace: Trace) => boolean): boolean {
    const former = this.#trace;
    this.#values.removeFrom(before);
    for (const [index, trace] of this.#traces.entries()) {
      if (trace === former || commonPrefix(former, trace) < this.#at) continue;
      if (isNext(trace)) {
        this.#index = index;
        this.#trace = trace;
        return true;
      }
      this.#values.removeFrom(before);
    }
    return false;
  }

  #isKernel(
    { events, externals }: Trace,
    name: string,
    inputs: KernelInputs,
    attributes: Attributes | undefined,
  ): boolean {
    const event = events[this.#at];
    if (event?.kind !== "kernel" || event.name !== name) return false;
    let index = 0;
    for (const key in inputs) {
      const number = event.inputs[index];
      if (number === undefined || event.keys[index] !== key) return false;
      if (!this.#isValue(externals, inputs[key], number)) return false;
      index += 1;
    }
    return index === event.keys.length && hasAttributes(event, attributes);
  }

  #isValue(
    externals: ReadonlyMap<number, ExternalValue>,
    tensor: Tensor | null | undefined,
    number: number,
  ): boolean {
    if (tensor === null || tensor === undefined) return number === NO_VALUE;
    if (tensor.isDisposed) return false;
    const known = this.#values.of(tensor);
    if (known !== undefined) return known === number;
    const external = externals.get(number);
    if (external === undefined || number !== this.#values.count || !isOfKind(tensor, external)) return false;
    if (isVariable(tensor) ? external.variable !== tensor : external.variable !== null) return false;
    this.#values.addExternal(tensor);
    return true;
  }

  /** Copies the JavaScript values of new tensors when they are first used. */
  #takeValues(before: number): void {
    for (let number = before; number < this.#values.count; number++) {
      const made = madeValuesOf(this.#values.tensors[number] as Tensor);
      if (made !== undefined) made.values = (made.values as Float32Array).slice();
    }
  }

  #result({ shape, dtype }: TensorKind): Tensor {
    const tensor = this.#interception.makeEmptyTensor(shape, dtype);
    this.#values.addResult(tensor);
    return tensor;
  }

  #isKept(expected: readonly number[]): boolean {
    let count = 0;
    for (const [number, { kept, isDisposed }] of this.#values.tensors.entries()) {
      if (!kept || isDisposed || this.#values.isExternal(number)) continue;
      if (expected[count++] !== number) return false;
    }
    return count === expected.length;
  }
}

function isOfKind({ shape, dtype }: Tensor, kind: TensorKind): boolean {
  return dtype === kind.dtype && isSameList(shape, kind.shape);
}
