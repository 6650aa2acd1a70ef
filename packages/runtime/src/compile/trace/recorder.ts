import type { DataId, Tensor, Variable } from "@tensorflow/tfjs-core";
import type { LogEntry } from "./callLog.js";
import { isForeignGradient, kernelBreak, READS } from "./graphBreaks.js";
import type { Interception, Interceptor } from "./interception.js";
import { type Attributes, type KernelInputs, isVariable } from "./tfjsEngine.js";
import { copyAttributes, NO_VALUE, type ExternalValue, type Trace, type TraceEvent } from "./trace.js";
import { ValueNumbers } from "./valueNumbers.js";

/** Receives the values from outside a forward pass. */
export interface FedValueSink {
  /** Offers a tensor that is no variable, with its value number. */
  offerFed(number: number, tensor: Tensor): void;
}

/** Records a forward pass while its kernels run. */
export class Recorder implements Interceptor {
  readonly #interception: Interception;
  readonly #sink: FedValueSink;
  readonly #values: ValueNumbers;
  readonly #events: TraceEvent[] = [];
  readonly #externals = new Map<number, ExternalValue>();
  #graphBreak: string | null = null;

  /** @param values - The value numbers of a forward pass that has already begun. */
  constructor(interception: Interception, sink: FedValueSink, values = new ValueNumbers()) {
    this.#interception = interception;
    this.#sink = sink;
    this.#values = values;
  }

  /** The reason why the forward pass can't be compiled; `null` when none is known. */
  get graphBreak(): string | null {
    return this.#graphBreak;
  }

  /** Records a deferred call that is about to be carried out. */
  noteEntry(entry: LogEntry): void {
    if (entry.kind === "made") return;
    const { event } = entry;
    this.#events.push(event);
    if (event.kind === "kernel") this.#offerAll(event.inputs);
    else if (event.kind === "assign") this.#offerAll([event.value]);
    else this.#offerAll(event.values);
  }

  /** Returns the trace of the forward pass; call it at the end of the pass. */
  trace(output: Tensor | undefined): Trace {
    const { tensors } = this.#values;
    const isKept = (number: number): boolean => {
      const tensor = tensors[number];
      return tensor !== undefined && tensor.kept && !tensor.isDisposed && !this.#externals.has(number);
    };
    return {
      events: this.#events,
      externals: this.#externals,
      output: output === undefined ? NO_VALUE : this.#numberOf(output),
      kept: tensors.flatMap((_, number) => (isKept(number) ? number : [])),
    };
  }

  /** Gets the tensor of a value. */
  tensorOf(number: number): Tensor {
    return this.#values.tensors[number] as Tensor;
  }

  runKernel(name: string, inputs: KernelInputs, attributes?: Attributes): Tensor | Tensor[] {
    const before = this.#values.count;
    const keys: string[] = [];
    const numbers: number[] = [];
    for (const key in inputs) {
      const tensor = inputs[key];
      keys.push(key);
      numbers.push(tensor === null || tensor === undefined ? NO_VALUE : this.#numberOf(tensor));
    }
    const reason = kernelBreak(name);
    if (reason !== null) this.breakGraph(reason);
    const output = this.#outside(before, name, () =>
      this.#interception.original.runKernel(name, inputs, attributes),
    );
    const results = [output].flat();
    const first = this.#values.count;
    for (const result of results) this.#values.addResult(result);
    const outputs = results.map(({ shape, dtype }) => ({ shape, dtype }));
    const isList = Array.isArray(output);
    this.#events.push({
      ...{ kind: "kernel", name, keys, inputs: numbers, first, outputs, isList },
      ...{ attributes: copyAttributes(attributes), attributeCount: Object.keys(attributes ?? {}).length },
    });
    return output;
  }

  makeTensor(values: unknown, shape: number[], dtype?: string, backend?: unknown): Tensor {
    return this.#interception.original.makeTensor(values, shape, dtype, backend);
  }

  assign(variable: Variable, value: Tensor): void {
    const before = this.#values.count;
    const number = this.#numberOf(value);
    this.#outside(before, "assign", () => this.#interception.assign(variable, value));
    this.#values.assign(variable, number);
    this.#events.push({ kind: "assign", variable, value: number });
  }

  beforeDispose(): void {
    // Nothing to do: the graph knows a fed tensor by its number, and every call feeds its own tensor.
  }

  beforeRead(dataId: DataId): DataId {
    const { tensors } = this.#values;
    const isResult = (tensor: Tensor, number: number): boolean =>
      tensor.dataId === dataId && !this.#values.isExternal(number);
    if (tensors.some(isResult)) this.breakGraph(READS);
    return dataId;
  }

  customGradient(kind: "enter" | "leave", scope: string, tensors: readonly Tensor[]): void {
    if (isForeignGradient(scope)) this.breakGraph("it uses tf.customGrad");
    this.#events.push({ kind, scope, values: tensors.map((tensor) => this.#numberOf(tensor)) });
  }

  breakGraph(reason: string): void {
    this.#graphBreak ??= reason;
  }

  #numberOf(tensor: Tensor): number {
    const known = this.#values.of(tensor);
    if (known !== undefined) return known;
    const number = this.#values.addExternal(tensor);
    this.#offer(number);
    return number;
  }

  #offerAll(numbers: readonly number[]): void {
    for (const number of numbers) if (number !== NO_VALUE) this.#offer(number);
  }

  /** Records a value from outside the forward pass, and offers it to the graph. */
  #offer(number: number): void {
    const tensor = this.tensorOf(number);
    if (this.#externals.has(number) || !this.#values.isExternal(number)) return;
    const { shape, dtype } = tensor;
    this.#externals.set(number, { shape, dtype, variable: isVariable(tensor) ? tensor : null });
    if (!isVariable(tensor)) this.#sink.offerFed(number, tensor);
  }

  /** Runs a call without recording its inner calls; if it fails, drops the values numbered from `before` on. */
  #outside<T>(before: number, name: string, run: () => T): T {
    this.#interception.active = null;
    try {
      return run();
    } catch (error) {
      this.breakGraph(`${name} fails in it`);
      // A call that failed is not recorded, so its values are not either.
      for (let number = before; number < this.#values.count; number++) this.#externals.delete(number);
      this.#values.removeFrom(before);
      throw error;
    } finally {
      this.#interception.active = this;
    }
  }
}
