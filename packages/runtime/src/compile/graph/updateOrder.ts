/**
 * Makes the operations of a large model's update run one after the other, after everything else. TensorFlow would run all
 * that can run, and so hold the intermediate values of all parameters at once.
 */
export class UpdateOrder {
  /** The nodes of the forward and backward pass that the update uses. */
  readonly uses = new Set<string>();
  readonly #own = new Set<string>();
  #last: string;

  /** @param start - The node that ends the forward and backward pass. */
  constructor(start: string) {
    this.#last = start;
  }

  /** Adds an operation; returns its inputs with the one that makes it wait. */
  add(name: string, inputs: readonly string[]): string[] {
    for (const input of inputs) {
      const node = input.split(":")[0] ?? "";
      if (!this.#own.has(node)) this.uses.add(node);
    }
    const after = `^${this.#last}`;
    this.#own.add(name);
    this.#last = name;
    return [...inputs, after];
  }

  /** Whether an output belongs to the update. */
  has(output: string): boolean {
    return this.#own.has(output.split(":")[0] ?? "");
  }
}
