import type { ProtoMessage } from "@fulmine/core/node";
import type { DataId, Tensor, Variable } from "@tensorflow/tfjs-core";
import { isLarge, READY, resourceNodes, type ResourceValue } from "../resources/resourceNodes.js";
import { attribute, DataType, graphNode, toAttribute } from "../tensorflow/graphNode.js";
import { inferredAttributes } from "../tensorflow/inferredAttributes.js";
import {
  idOf,
  type NativeBackend,
  type OpAttribute,
  type TensorMetadata,
} from "../tensorflow/nativeBackend.js";
import { savedModel } from "../tensorflow/savedModel.js";
import { READS } from "../trace/graphBreaks.js";
import { isSameList } from "../trace/trace.js";
import { BitExactNodes } from "./bitExactNodes.js";
import { ConstantPool, placeholder, type Constant } from "./constantPool.js";
import { UpdateOrder } from "./updateOrder.js";

/** A step as one graph, with its feeds, its fetches and the meaning of the fetches. */
export interface StepGraph {
  /** The encoded SavedModel, which contains only the graph. */
  readonly bytes: Uint8Array;
  /** The number of operations. */
  readonly operations: number;
  /** The number of examples: the largest first dimension of a tensor that is fed. */
  readonly examples: number;
  /** Whether the step's scalars are fed as one vector `s`. */
  readonly usesScalars: boolean;
  /** The values in resource variables: values of variables and of donated tensors. */
  readonly resources: readonly ResourceValue[];
  /** The numbers of the values from outside the forward pass to feed as `i0`, `i1`, …. */
  readonly fed: readonly number[];
  /** The indices of the step's inputs to feed as `g0`, `g1`, …. */
  readonly inputs: readonly number[];
  /** The numbers to feed as one vector `f`; empty when there is nothing to feed. */
  readonly numbers: Float32Array;
  /** The constants to feed as `k0`, `k1`, …. */
  readonly constants: readonly Constant[];
  /** The outputs to fetch, without duplicates. */
  readonly fetches: readonly string[];
  /** The assigned variables that have no resource variable, each with the index of the fetch of its next value. */
  readonly assigned: readonly (readonly [variable: Variable, fetch: number])[];
  /** The index of the fetch of each result of the step; `null` for the next value of a donated tensor. */
  readonly results: readonly (number | null)[];
  /** The numbers of the values that the forward pass keeps, each with the index of its fetch. */
  readonly kept: readonly (readonly [number: number, fetch: number])[];
}

/** An operation that TensorFlow has run. */
export interface RunOperation {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly number[];
  readonly outputs: readonly TensorMetadata[];
}

/** The tensors that exist before a step's forward pass. */
export interface GraphSources {
  readonly inputs: readonly Tensor[];
  readonly donated: readonly Tensor[];
  readonly variables: readonly Variable[];
}

/** Operations whose outcome depends on more than their inputs. */
const STATEFUL =
  /Random|Multinomial|TruncatedNormal|Variable|VarHandle|Resource|Assign|Iterator|Dataset|Queue|Table|Summary|Print|File/;
/** A graph with more bytes of constants than this is not worth its memory. */
const MOST_BYTES = 32 * 2 ** 20;

/**
 * Records a step as a graph while the step runs. It identifies tensors by TensorFlow's numbers, which TensorFlow never
 * reuses.
 */
export class GraphBuilder {
  readonly #backend: NativeBackend;
  /** For each tensor number, a function that adds the tensor to the graph at its first use and returns its name. */
  readonly #feeds = new Map<number, () => string>();
  /** TensorFlow's numbers of the variables' values before the step. */
  readonly #before: ReadonlyMap<Variable, number>;
  readonly #names = new Map<number, string>();
  readonly #made = new Map<number, Constant>();
  /** The shapes and types of fed and computed tensors, by tensor number. */
  readonly #kinds = new Map<number, Pick<TensorMetadata, "shape" | "dtype">>();
  readonly #reads: DataId[] = [];
  readonly #exact = new BitExactNodes((...node) => this.#add(...node));
  readonly #constants = new ConstantPool();
  readonly #placeholders: ProtoMessage[] = [];
  readonly #nodes: ProtoMessage[] = [];
  readonly #resources: Omit<ResourceValue, "next">[] = [];
  readonly #next = new Map<Variable | number, ResourceValue["next"]>();
  readonly #fed: number[] = [];
  readonly #inputs: number[] = [];
  readonly #fetches: string[] = [];
  readonly #assigned: (readonly [Variable, number])[] = [];
  readonly #results: (number | null)[] = [];
  readonly #kept: (readonly [number, number])[] = [];
  /** The order of a large model's update, once it begins; `null` if any order will do. */
  #order: UpdateOrder | null = null;
  #scalars = 0;
  #usesScalars = false;
  #operations = 0;
  #examples = 1;
  #bytes = 0;
  #graphBreak: string | null = null;

  constructor(backend: NativeBackend, sources: GraphSources) {
    this.#backend = backend;
    const { inputs, donated, variables } = sources;
    for (const [index, tensor] of inputs.entries())
      this.#offer(tensor, () => this.#feed("g", this.#inputs, index, tensor));
    for (const [index, tensor] of donated.entries())
      this.#offer(tensor, () => this.#resource("o", index, tensor));
    this.#before = new Map(
      variables.map((variable) => [
        variable,
        this.#offer(variable, () => this.#resource("v", variable, variable)),
      ]),
    );
  }

  /** The reason why the step can't be compiled; `null` when none is known. */
  get graphBreak(): string | null {
    return this.#graphBreak ?? (this.#reads.length > 0 ? READS : null);
  }

  /** Offers a value from outside the forward pass; the graph is fed the value if it uses it. */
  offerFed(number: number, tensor: Tensor): void {
    this.#offer(tensor, () => this.#feed("i", this.#fed, number, tensor));
  }

  /** Offers the step's scalars, with which the update of the parameters begins. */
  offerScalars(scalars: readonly Tensor[]): void {
    if (this.#resources.some(isLarge)) this.#order = new UpdateOrder(READY);
    this.#scalars = scalars.length;
    for (const [index, tensor] of scalars.entries()) this.#offer(tensor, () => this.#scalar(index));
  }

  /** Records that JavaScript read a tensor's value. */
  noteRead(dataId: DataId): void {
    this.#reads.push(dataId);
  }

  /** Records a tensor made from JavaScript values. */
  noteTensor(id: number, made: Constant): void {
    this.#made.set(id, made);
  }

  /** Records an operation that TensorFlow has run. */
  noteOperation({ name, attributes, inputs, outputs }: RunOperation): void {
    if (this.#graphBreak !== null) return;
    // tfjs reads the indices of a gather only to check them; TensorFlow checks them too.
    if (name === "GatherV2" && this.#lastReadId() === inputs[1]) this.#reads.pop();
    if (this.#reads.length > 0) this.#break(READS);
    if (STATEFUL.test(name)) this.#break(`it uses ${name}, whose outcome depends on more than its inputs`);
    const written: Record<string, ProtoMessage> = {};
    for (const each of attributes) {
      const value = toAttribute(this.#backend.binding, each);
      if (value === null) this.#break(`it uses ${name} with a \`${each.name}\` of a kind not known here`);
      else written[each.name] = value;
    }
    const names = inputs.map((id) => this.#nameOf(id));
    const inferred = inferredAttributes(
      name,
      inputs.map((id) => this.#typeOf(id)),
    );
    if (inferred === null) this.#break(`it uses ${name} in a way that can't be written into a graph`);
    Object.assign(written, inferred);
    const [output] = outputs;
    if (output !== undefined && this.#changesNothing(name, inputs[0], output)) {
      this.#names.set(output.id, names[0] ?? "");
      this.#kinds.set(output.id, output);
      return;
    }
    const isReal = outputs[0]?.dtype === DataType.float32;
    const node = isReal ? this.#exact.add(name, names, written) : this.#add(name, names, written);
    this.#operations += 1;
    for (const [index, { id, shape, dtype }] of outputs.entries()) {
      this.#names.set(id, index === 0 ? node : `${node}:${index}`);
      this.#kinds.set(id, { shape, dtype });
    }
  }

  /**
   * Records the results of the step. Call it while made tensors are still recorded.
   *
   * @param kept - The tensors that the forward pass keeps, by number.
   */
  noteResults(results: readonly Tensor[], kept: ReadonlyMap<number, Tensor>): void {
    for (const [variable, before] of this.#before) {
      if (variable.isDisposed) continue;
      if (idOf(this.#backend, variable) === before) continue;
      const output = this.#outputOf(variable);
      if (this.#isResource(variable)) this.#next.set(variable, { output, result: null });
      else this.#assigned.push([variable, this.#fetch(output)]);
    }
    for (const [result, tensor] of results.entries()) {
      const output = this.#outputOf(tensor);
      // The loss comes first.
      const isNext = this.#isResource(result - 1);
      if (isNext) this.#next.set(result - 1, { output, result });
      this.#results.push(isNext ? null : this.#fetch(output));
    }
    for (const [number, tensor] of kept) this.#kept.push([number, this.#fetch(this.#outputOf(tensor))]);
  }

  /** Builds the graph. */
  build(): StepGraph {
    const resources = this.#resources.map((value) => ({ ...value, next: this.#next.get(value.of) ?? null }));
    return {
      bytes: savedModel([
        ...this.#placeholders,
        ...this.#constants.nodes,
        ...this.#nodes,
        ...resourceNodes(resources, this.#beforeUpdate(resources)),
      ]),
      operations: this.#operations,
      examples: this.#examples,
      usesScalars: this.#usesScalars,
      resources,
      ...{ fed: this.#fed, inputs: this.#inputs },
      ...{ numbers: this.#constants.numbers, constants: this.#constants.fed },
      ...{ fetches: this.#fetches, assigned: this.#assigned, results: this.#results, kept: this.#kept },
    };
  }

  /** Lists what a step must have computed before it updates a resource variable. */
  #beforeUpdate(resources: readonly ResourceValue[]): string[] {
    const order = this.#order;
    const outputs = [...this.#fetches, ...resources.flatMap(({ next }) => next?.output ?? [])];
    return order === null ? outputs : [...outputs.filter((output) => !order.has(output)), ...order.uses];
  }

  /** Whether an operation returns its input unchanged: a cast to the same type, or a reshape to the same shape. */
  #changesNothing(name: string, input: number | undefined, output: TensorMetadata): boolean {
    if ((name !== "Cast" && name !== "Reshape") || input === undefined) return false;
    const kind = this.#kinds.get(input) ?? this.#made.get(input);
    return kind?.dtype === output.dtype && isSameList(kind.shape, output.shape);
  }

  /** Gets the type of a tensor; 0 when it is unknown. */
  #typeOf(id: number): number {
    return (this.#kinds.get(id) ?? this.#made.get(id))?.dtype ?? 0;
  }

  #lastReadId(): number | null {
    const dataId = this.#reads.at(-1);
    return dataId === undefined ? null : this.#backend.tensorMap.get(dataId).id;
  }

  #break(why: string): void {
    this.#graphBreak ??= why;
  }

  /** Gets the type of a tensor in TensorFlow; it differs from tfjs's type for 64-bit integers. */
  #dtypeOf({ dataId }: Tensor): number {
    return this.#backend.tensorMap.get(dataId).dtype;
  }

  #offer(tensor: Tensor, name: () => string): number {
    const id = idOf(this.#backend, tensor);
    this.#kinds.set(id, { shape: tensor.shape, dtype: this.#dtypeOf(tensor) });
    // The graph can't tell the two tensors apart, and at the next call they may have different data.
    if (this.#feeds.has(id)) this.#break("it uses a tensor that shares its data with one of the optimizer's");
    else this.#feeds.set(id, name);
    return id;
  }

  #nameOf(id: number): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const feed = this.#feeds.get(id);
    const made = this.#made.get(id);
    let name = "";
    if (feed !== undefined) name = feed();
    else if (made !== undefined) name = this.#constant(made);
    else this.#break("it uses a tensor whose origin is not known");
    this.#names.set(id, name);
    return name;
  }

  /** Gets the output of a tensor. A fed tensor goes through an `Identity`, because TensorFlow does not fetch feeds. */
  #outputOf(tensor: Tensor): string {
    const name = this.#nameOf(idOf(this.#backend, tensor));
    const isNode = name.startsWith("n");
    const type = { T: attribute.type(this.#dtypeOf(tensor)) };
    const source = isNode ? name : this.#add("Identity", [name], type);
    return source.includes(":") ? source : `${source}:0`;
  }

  #fetch(output: string): number {
    if (!this.#fetches.includes(output)) this.#fetches.push(output);
    return this.#fetches.indexOf(output);
  }

  #resource(prefix: string, of: Variable | number, tensor: Tensor): string {
    const name = `${prefix}${this.#resources.length}`;
    this.#resources.push({ name, dtype: this.#dtypeOf(tensor), shape: tensor.shape, of });
    return name;
  }

  #isResource(of: Variable | number): boolean {
    return this.#resources.some((value) => value.of === of);
  }

  #feed<T>(prefix: string, list: T[], item: T, tensor: Tensor): string {
    const { shape }: { readonly shape: readonly number[] } = tensor;
    list.push(item);
    this.#examples = Math.max(this.#examples, shape[0] ?? 1);
    return this.#placeholder(`${prefix}${list.length - 1}`, this.#dtypeOf(tensor), shape);
  }

  #scalar(index: number): string {
    if (!this.#usesScalars) {
      this.#usesScalars = true;
      const length = this.#scalars;
      this.#placeholder("s", DataType.float32, [length]);
      this.#nodes.push(
        graphNode("u", "Unpack", ["s"], {
          T: attribute.type(DataType.float32),
          num: attribute.whole(length),
          axis: attribute.whole(0),
        }),
      );
    }
    return index === 0 ? "u" : `u:${index}`;
  }

  #placeholder(name: string, dtype: number, shape: readonly number[]): string {
    this.#placeholders.push(placeholder(name, dtype, shape));
    return name;
  }

  #constant(made: Constant): string {
    const name = this.#constants.nameOf(made);
    if (name === null) this.#break("it makes a tensor of a type that can't be written into a graph");
    this.#bytes += made.values.byteLength;
    if (this.#bytes > MOST_BYTES) this.#break("it makes more than 32 MB of constants");
    return name ?? "";
  }

  #add(op: string, inputs: readonly string[], attributes: Readonly<Record<string, ProtoMessage>>): string {
    const name = `n${this.#nodes.length}`;
    this.#nodes.push(graphNode(name, op, this.#order?.add(name, inputs) ?? inputs, attributes));
    return name;
  }
}
