import type { DataId, Tensor, Variable } from "@tensorflow/tfjs-core";
import type { GraphBuilder } from "../graph/graphBuilder.js";
import type { LogEntry } from "./callLog.js";
import type { Interception, Interceptor } from "./interception.js";
import { isForeignGradient } from "./ownGradients.js";
import type { Attributes, KernelInputs } from "./tfjsEngine.js";
import { isVariable } from "./tfjsEngine.js";
import { kernelBreak } from "./ownKernels.js";
import { copyAttributes, NO_VALUE, type ExternalValue, type Trace, type TraceEvent } from "./trace.js";
import { ValueNumbers } from "./valueNumbers.js";

/** The reason against a graph whose values JavaScript needs. */
export const READS = "it reads the value of a tensor that it computes";

/** Writes down what a forward pass does, while its kernels run. */
export class Recorder implements Interceptor {
  readonly #interception: Interception;
  readonly #builder: GraphBuilder;
  readonly #values: ValueNumbers;
  readonly #events: TraceEvent[] = [];
  readonly #externals = new Map<number, ExternalValue>();
  #graphBreak: string | null = null;

  /** @param values - The values that a forward pass has numbered before it was to be recorded. */
  constructor(interception: Interception, builder: GraphBuilder, values = new ValueNumbers()) {
    this.#interception = interception;
    this.#builder = builder;
    this.#values = values;
  }

  /** Why the forward pass can't be compiled, as far as it is known. */
  get graphBreak(): string | null {
    return this.#graphBreak;
  }

  /** Takes over something that the forward pass did before, and that is about to be carried out. */
  noteEntry(entry: LogEntry): void {
    if (entry.kind === "made") return;
    const { event } = entry;
    this.#events.push(event);
    if (event.kind === "kernel") this.#offerAll(event.inputs);
    else if (event.kind === "assign") this.#offerAll([event.value]);
    else this.#offerAll(event.values);
  }

  /** The trace of the forward pass, which has ended. */
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

  /** The tensor of a value. */
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
    // A tensor that is fed keeps its place in the graph, and every call feeds its own.
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

  /** Lets the graph know of a value from outside. */
  #offer(number: number): void {
    const tensor = this.tensorOf(number);
    if (this.#externals.has(number) || !this.#values.isExternal(number)) return;
    const { shape, dtype } = tensor;
    this.#externals.set(number, { shape, dtype, variable: isVariable(tensor) ? tensor : null });
    if (!isVariable(tensor)) this.#builder.offerFed(number, tensor);
  }

  /** Runs something whose own calls into the engine are not the forward pass's, after `before` values. */
  #outside<T>(before: number, name: string, run: () => T): T {
    this.#interception.active = null;
    try {
      return run();
    } catch (error) {
      this.breakGraph(`${name} fails in it`);
      // What did not happen has no values.
      for (let number = before; number < this.#values.count; number++) this.#externals.delete(number);
      this.#values.removeFrom(before);
      throw error;
    } finally {
      this.#interception.active = this;
    }
  }
}
