import type { ProtoMessage } from "@fulmine/core/node";
import type { DataId, Scalar, Tensor, Variable } from "@tensorflow/tfjs-core";
import { ConstantPool, placeholder, type MadeTensor } from "./constantPool.js";
import { attribute, DataType, graphNode, toAttribute } from "./graphNode.js";
import { inferredAttributes } from "./inferredAttributes.js";
import { isSameList } from "../isSameList.js";
import { keptNodes, type KeptValue } from "../kept/keptNodes.js";
import { idOf, type NativeBackend, type OpAttribute, type TensorMetadata } from "../nativeBackend.js";
import { recognizeRandom, type RandomInput } from "./randomInput.js";
import { savedModel } from "./savedModel.js";
import { FaithfulNodes } from "./faithfulNodes.js";

/** A piece of a step as one graph: what to feed, what to fetch, and what the fetched tensors are. */
export interface StepGraph {
  /** A SavedModel in TensorFlow's wire format, holding the graph alone. */
  readonly bytes: Uint8Array;
  /** How many operations it has. */
  readonly operations: number;
  /** Whether the piece's scalars are fed, as one vector `s`. */
  readonly usesScalars: boolean;
  /** The values that TensorFlow keeps: those of variables and of inputs that the step renews. */
  readonly kept: readonly KeptValue[];
  /** Which of the piece's other inputs to feed, `i0`, `i1`, …. */
  readonly inputs: readonly number[];
  /** Tensors of the module to feed, `m0`, `m1`, …. */
  readonly captured: readonly Tensor[];
  /** Constants to feed: one vector of numbers as `f`, unless it is empty, and tensors as `k0`, `k1`, …. */
  readonly numbers: Float32Array;
  readonly constants: readonly MadeTensor[];
  /** Random tensors to make and feed, `r0`, `r1`, …, in the order in which they are drawn. */
  readonly randoms: readonly RandomInput[];
  /** The outputs to fetch, each once. */
  readonly fetches: readonly string[];
  /** The variables to assign that the step does not read, each with the fetch that is its next value. */
  readonly assigned: readonly (readonly [variable: Variable, fetch: number])[];
  /** The fetch that is each of the piece's results; `null` for those that are kept. */
  readonly results: readonly (number | null)[];
}

/** An operation that TensorFlow has run. */
export interface RunOperation {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly number[];
  readonly outputs: readonly TensorMetadata[];
}

/** Where a piece can have tensors from that it has not made itself. */
export interface GraphSources {
  readonly inputs: readonly Tensor[];
  /** Which inputs the piece renews, and by which results. */
  readonly renewed: readonly (readonly [input: number, result: number])[];
  readonly scalars: readonly Scalar[];
  readonly variables: readonly Variable[];
  /** Tensors that the module holds. */
  readonly captured: readonly Tensor[];
}

/** Operations whose outcome depends on more than their inputs. */
const STATEFUL =
  /Random|Multinomial|TruncatedNormal|Variable|VarHandle|Resource|Assign|Iterator|Dataset|Queue|Table|Summary|Print|File/;
/** Operations whose output has as many elements as its inputs' values say, which JavaScript may have looked at. */
const SHAPED_BY_VALUES = /^(Where|UniqueV2|NonMaxSuppressionV\d)$/;
const READS = "it reads a tensor's value";
/** With more bytes of constants than this, a graph is not worth its memory. */
const MOST_BYTES = 32 * 2 ** 20;

/**
 * Writes down what a piece does as a graph, while it runs. Tensors are known by TensorFlow's numbers, none of which it
 * gives twice.
 */
export class GraphBuilder {
  readonly #backend: NativeBackend;
  readonly #sources: GraphSources;
  /** What gives a tensor its name in the graph when it is first used, by its number. */
  readonly #feeds = new Map<number, (() => string) | "ambiguous">();
  /** The numbers that the variables' tensors had before the piece. */
  readonly #before: ReadonlyMap<Variable, number>;
  readonly #names = new Map<number, string>();
  readonly #made = new Map<number, MadeTensor>();
  /** Shapes and types of tensors that are fed or computed, by their number. */
  readonly #kinds = new Map<number, Pick<TensorMetadata, "shape" | "dtype">>();
  readonly #reads: DataId[] = [];
  readonly #draws: number[] = [];
  readonly #randoms = new Map<number, RandomInput>();
  readonly #faithful = new FaithfulNodes((...node) => this.#add(...node));
  readonly #constants = new ConstantPool();
  readonly #placeholders: ProtoMessage[] = [];
  readonly #nodes: ProtoMessage[] = [];
  readonly #kept: Omit<KeptValue, "next">[] = [];
  readonly #next = new Map<Variable | number, KeptValue["next"]>();
  readonly #inputs: number[] = [];
  readonly #captured: Tensor[] = [];
  readonly #fetches: string[] = [];
  readonly #assigned: (readonly [Variable, number])[] = [];
  readonly #results: (number | null)[] = [];
  #usesScalars = false;
  #operations = 0;
  #bytes = 0;
  #isAmbiguous = false;
  #refusal: string | null = null;

  constructor(backend: NativeBackend, sources: GraphSources) {
    this.#backend = backend;
    this.#sources = sources;
    const { inputs, renewed, scalars, variables, captured } = sources;
    const areRenewed = new Set(renewed.map(([input]) => input));
    for (const [index, tensor] of inputs.entries()) {
      // That two inputs are one and the same is known of the piece, so the first stands for both.
      if (this.#feeds.has(idOf(backend, tensor))) continue;
      if (areRenewed.has(index)) this.#offer(tensor, () => this.#keep("o", index, tensor));
      else this.#offer(tensor, () => this.#feed("i", this.#inputs, index, tensor));
    }
    for (const [index, tensor] of scalars.entries()) this.#offer(tensor, () => this.#scalar(index));
    for (const tensor of captured) this.#offer(tensor, () => this.#feed("m", this.#captured, tensor, tensor));
    this.#before = new Map(
      variables.map((variable) => [
        variable,
        this.#offer(variable, () => this.#keep("v", variable, variable)),
      ]),
    );
  }

  /** Why the piece can't be replayed, as far as it is known. */
  get refusal(): string | null {
    if (this.#refusal !== null) return this.#refusal;
    if (this.#reads.length > 0) return READS;
    return this.#randoms.size < this.#draws.length ? "it draws numbers at random in its JavaScript" : null;
  }

  /** A number was drawn at random. */
  noteDraw(seed: number): void {
    this.#draws.push(seed);
  }

  /** A tensor's value was read, before TensorFlow's next operation. */
  noteRead(dataId: DataId): void {
    this.#reads.push(dataId);
  }

  /** A tensor was made of values in JavaScript. */
  noteTensor(id: number, made: MadeTensor): void {
    this.#made.set(id, made);
  }

  /** TensorFlow ran an operation. */
  noteOperation({ name, attributes, inputs, outputs }: RunOperation): void {
    if (this.#refusal !== null) return;
    // tfjs reads the indices of a gather only to check them, which TensorFlow does too.
    if (name === "GatherV2" && this.#lastReadId() === inputs[1]) this.#reads.pop();
    if (this.#reads.length > 0) this.#refuse(READS);
    if (STATEFUL.test(name)) this.#refuse(`it uses ${name}, whose outcome depends on more than its inputs`);
    if (SHAPED_BY_VALUES.test(name))
      this.#refuse(`it uses ${name}, which gives a shape that depends on values`);
    const written: Record<string, ProtoMessage> = {};
    for (const each of attributes) {
      const value = toAttribute(this.#backend.binding, each);
      if (value === null) this.#refuse(`it uses ${name} with a \`${each.name}\` of a kind not known here`);
      else written[each.name] = value;
    }
    const names = inputs.map((id) => this.#nameOf(id));
    const inferred = inferredAttributes(
      name,
      inputs.map((id) => this.#typeOf(id)),
    );
    if (inferred === null) this.#refuse(`it uses ${name} in a way that can't be written into a graph`);
    Object.assign(written, inferred);
    const [output] = outputs;
    if (output !== undefined && this.#changesNothing(name, inputs[0], output)) {
      this.#names.set(output.id, names[0] ?? "");
      this.#kinds.set(output.id, output);
      return;
    }
    const isReal = outputs[0]?.dtype === DataType.float32;
    const node = isReal ? this.#faithful.add(name, names, written) : this.#add(name, names, written);
    this.#operations += 1;
    for (const [index, { id, shape, dtype }] of outputs.entries()) {
      this.#names.set(id, index === 0 ? node : `${node}:${index}`);
      this.#kinds.set(id, { shape, dtype });
    }
  }

  /** The piece has run; to be called while tensors that are made are still noted. */
  noteResults(results: readonly Tensor[]): void {
    for (const [variable, before] of this.#before) {
      if (variable.isDisposed) continue;
      if (idOf(this.#backend, variable) === before) continue;
      const output = this.#outputOf(variable);
      if (this.#isKept(variable)) this.#next.set(variable, { output, result: null });
      else this.#assigned.push([variable, this.#fetch(output)]);
    }
    const renewedBy = new Map(this.#sources.renewed.map(([input, result]) => [result, input]));
    for (const [result, tensor] of results.entries()) {
      const input = renewedBy.get(result);
      const output = this.#outputOf(tensor);
      const isKept = input !== undefined && this.#isKept(input);
      if (isKept) this.#next.set(input, { output, result });
      this.#results.push(isKept ? null : this.#fetch(output));
    }
  }

  /** The graph; `null` when it can't be told which of two tensors was used, which another run may tell. */
  build(): StepGraph | null {
    if (this.#isAmbiguous) return null;
    const kept = this.#kept.map((value) => ({ ...value, next: this.#next.get(value.of) ?? null }));
    return {
      bytes: savedModel([
        ...this.#placeholders,
        ...this.#constants.nodes,
        ...this.#nodes,
        ...keptNodes(kept, this.#fetches),
      ]),
      operations: this.#operations,
      usesScalars: this.#usesScalars,
      kept,
      inputs: this.#inputs,
      captured: this.#captured,
      numbers: this.#constants.numbers,
      constants: this.#constants.fed,
      randoms: this.#draws.flatMap((_, order) => this.#randoms.get(order) ?? []),
      fetches: this.#fetches,
      assigned: this.#assigned,
      results: this.#results,
    };
  }

  /** Whether an operation gives what it takes: a cast to the same type, a new shape that is the old one. */
  #changesNothing(name: string, input: number | undefined, output: TensorMetadata): boolean {
    if ((name !== "Cast" && name !== "Reshape") || input === undefined) return false;
    const kind = this.#kinds.get(input) ?? this.#made.get(input);
    return kind?.dtype === output.dtype && isSameList(kind.shape, output.shape);
  }

  /** The type of a tensor, 0 when it is not known. */
  #typeOf(id: number): number {
    return (this.#kinds.get(id) ?? this.#made.get(id))?.dtype ?? 0;
  }

  #lastReadId(): number | null {
    const dataId = this.#reads.at(-1);
    return dataId === undefined ? null : this.#backend.tensorMap.get(dataId).id;
  }

  #refuse(why: string): void {
    this.#refusal ??= why;
  }

  /** The type that TensorFlow has a tensor in, which tfjs calls another for whole numbers of 64 bits. */
  #dtypeOf({ dataId }: Tensor): number {
    return this.#backend.tensorMap.get(dataId).dtype;
  }

  #offer(tensor: Tensor, name: () => string): number {
    const id = idOf(this.#backend, tensor);
    this.#kinds.set(id, { shape: tensor.shape, dtype: this.#dtypeOf(tensor) });
    this.#feeds.set(id, this.#feeds.has(id) ? "ambiguous" : name);
    return id;
  }

  #nameOf(id: number): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const feed = this.#feeds.get(id);
    if (feed === "ambiguous") this.#isAmbiguous = true;
    const made = this.#made.get(id);
    let name = "";
    if (typeof feed === "function") name = feed();
    else if (made !== undefined) name = this.#random(made) ?? this.#constant(made);
    else if (feed === undefined)
      this.#refuse("it uses a tensor that is neither in its batch nor a property of the module");
    this.#names.set(id, name);
    return name;
  }

  /** The output that is a tensor; one that is fed goes through a node, for TensorFlow does not fetch what it is fed. */
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

  #keep(prefix: string, of: Variable | number, tensor: Tensor): string {
    const name = `${prefix}${this.#kept.length}`;
    this.#kept.push({ name, dtype: this.#dtypeOf(tensor), shape: tensor.shape, of });
    return name;
  }

  #isKept(of: Variable | number): boolean {
    return this.#kept.some((value) => value.of === of);
  }

  #feed<T>(prefix: string, list: T[], item: T, tensor: Tensor): string {
    list.push(item);
    return this.#placeholder(`${prefix}${list.length - 1}`, this.#dtypeOf(tensor), tensor.shape);
  }

  #scalar(index: number): string {
    if (!this.#usesScalars) {
      this.#usesScalars = true;
      const { length } = this.#sources.scalars;
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

  /** The name of a tensor that was made of a drawn number; `null` when it was not. */
  #random(made: MadeTensor): string | null {
    for (const [order, seed] of this.#draws.entries()) {
      if (this.#randoms.has(order)) continue;
      const random = recognizeRandom(made, seed);
      if (random === null) continue;
      this.#randoms.set(order, random);
      return this.#placeholder(`r${order}`, made.dtype, made.shape);
    }
    return null;
  }

  #constant(made: MadeTensor): string {
    const name = this.#constants.nameOf(made);
    if (name === null) this.#refuse("it makes a tensor of a type that can't be written into a graph");
    this.#bytes += made.values.byteLength;
    if (this.#bytes > MOST_BYTES) this.#refuse("it makes more than 32 MB of constants");
    return name ?? "";
  }

  #add(op: string, inputs: readonly string[], attributes: Readonly<Record<string, ProtoMessage>>): string {
    const name = `n${this.#nodes.length}`;
    this.#nodes.push(graphNode(name, op, inputs, attributes));
    return name;
  }
}
