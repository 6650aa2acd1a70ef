import type { DataId, Tensor, Variable } from "@tensorflow/tfjs-core";
import { isSameList } from "../isSameList.js";
import { adopt, carryOut, emptyTensors, NO_TAPE, type LogEntry } from "./callLog.js";
import type { Interception, Interceptor } from "./interception.js";
import { madeValuesOf, noteMade, type MadeTensor } from "./madeTensor.js";
import { READS, type Recorder } from "./recorder.js";
import { isVariable, tfjsEngine, type Attributes, type KernelInputs } from "./tfjsEngine.js";
import {
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
 * Told when a forward pass leaves all traces, before its kernels so far are carried out.
 *
 * @returns Who takes the further calls; `null` when nobody does.
 */
export type OnDiverged = (graphBreak: string | null) => Recorder | null;

/** The end of a forward pass that followed a trace. */
export interface MatchedCall {
  readonly index: number;
  readonly values: ValueNumbers;
}

/**
 * Follows traces: runs a forward pass's JavaScript without its kernels, as long as it does what one of the traces holds.
 *
 * Its tensors have no data. Once it does something else, its kernels so far are carried out, and it goes on eagerly.
 */
export class ShadowCall implements Interceptor {
  readonly #interception: Interception;
  readonly #engine = tfjsEngine();
  readonly #traces: readonly Trace[];
  readonly #onDiverged: OnDiverged;
  readonly #values = new ValueNumbers();
  readonly #log: LogEntry[] = [];
  /** The data of the variables that were assigned, which are not to be mistaken for those of their new values. */
  readonly #formerData = new Map<Variable, DataId>();
  /** Tensors that hold data which the forward pass has used and then disposed. */
  readonly #pins: Tensor[] = [];
  /** The trace that is followed; another one can take its place as long as both are the same so far. */
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

  /** The values so far. */
  get values(): ValueNumbers {
    return this.#values;
  }

  /**
   * Ends the forward pass.
   *
   * @returns The trace that it followed to its end; `null` when it did something else, and has real tensors.
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

  /** Carries everything out, so that the forward pass goes on eagerly. */
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

  /** Gives the tensors that the forward pass made of values, and keeps, their data. */
  keepMade(): void {
    for (const entry of this.#log) {
      if (entry.kind !== "made" || !entry.tensor.kept || entry.tensor.isDisposed) continue;
      const { values, shape, dtype } = entry.made;
      adopt(entry.tensor, this.#interception.original.makeTensor(values, shape, dtype));
    }
  }

  /** Frees what was held for the call. */
  dispose(): void {
    for (const pin of this.#pins.splice(0)) pin.dispose();
  }

  /** Carries out what the forward pass did, after it has ended, for whoever wants it eagerly all the same. */
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
    // Who reads the variable asks for data of its own, and not for those that a tensor may share.
    if (!this.#formerData.has(variable)) this.#formerData.set(variable, variable.dataId);
    Object.assign(variable, { dataId: {} });
  }

  beforeDispose(tensor: Tensor): void {
    if (madeValuesOf(tensor) !== undefined || isVariable(tensor)) return;
    const number = this.#values.of(tensor);
    if (number === undefined || !this.#values.isExternal(number)) return;
    // Shares the data, so that it is there when the graph runs or the kernels are carried out.
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

  /** Gives the variables that were assigned the data back that they have until the assignment is carried out. */
  #restoreData(): void {
    for (const [variable, dataId] of this.#formerData) Object.assign(variable, { dataId });
    this.#formerData.clear();
  }

  /** Goes on along the trace that is followed, or another one, if its next event fits. */
  #follow(before: number, isNext: (trace: Trace) => boolean): boolean {
    return isNext(this.#trace) || this.#switch(before, isNext);
  }

  /** Goes over to another trace that was the same until here and whose next event fits. */
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

  /** Takes the values of new tensors as they are when they are first used. */
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
