import { attribute, DataType } from "./graphNode.js";
import type { ProtoBytes } from "./protoBytes.js";

const SUMS = new Set(["Add", "AddV2", "AddN"]);

/**
 * Keeps TensorFlow from adding in another order than op by op, which would change last bits: its optimizer makes one sum
 * of sums of sums, and takes common factors out. It does not look through a `Snapshot`, which copies nothing.
 */
export class SumOrder {
  /** The inputs of the nodes that matter, by the node's name. */
  readonly #sums = new Set<string>();
  readonly #products = new Map<string, readonly string[]>();
  readonly #snapshots = new Map<string, string>();

  /**
   * The inputs that a node is to have.
   *
   * @param add - Adds a node to the graph and gives its name.
   */
  inputsOf(
    op: string,
    inputs: readonly string[],
    add: (op: string, inputs: readonly string[], attributes: Readonly<Record<string, ProtoBytes>>) => string,
  ): readonly string[] {
    if (!SUMS.has(op)) return inputs;
    const factors = inputs.flatMap((input) => this.#products.get(input) ?? []);
    const haveCommonFactor = new Set(factors).size < factors.length;
    const snapshotOf = (input: string): string =>
      add("Snapshot", [input], { T: attribute.type(DataType.float32) });
    return inputs.map((input, index) => {
      // A sum of many begins with the input whose memory it can take over; this makes it the first.
      if (op === "AddN" && index === 0) return snapshotOf(input);
      if (!this.#sums.has(input) && !(haveCommonFactor && this.#products.has(input))) return input;
      const snapshot = this.#snapshots.get(input) ?? snapshotOf(input);
      this.#snapshots.set(input, snapshot);
      return snapshot;
    });
  }

  /** Takes note of a node that was added. */
  note(name: string, op: string, inputs: readonly string[], dtype: number | undefined): void {
    if (dtype !== DataType.float32) return;
    if (SUMS.has(op)) this.#sums.add(name);
    else if (op === "Mul") this.#products.set(name, inputs);
  }
}
