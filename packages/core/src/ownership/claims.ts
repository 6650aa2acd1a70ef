import type { Variable } from "@tensorflow/tfjs-core";
import { FulmineError } from "../fulmineError.js";
import { isVariable } from "../isTensor.js";
import type { Optimizer } from "../optim/optimizer.js";

/** Which run has a module, an optimizer or a loader at the moment. */
const owners = new WeakMap<object, Claims>();

/** Whether some run has it at the moment. */
export function isTaken(thing: object): boolean {
  return owners.has(thing);
}

/**
 * What one run of a Trainer owns while it goes on: its module, its optimizers with their parameters, and its loaders. Nothing belongs to two runs
 * at once, except that a search within a fit may use what the fit has.
 */
export class Claims {
  readonly #task: string;
  readonly #trainer: object;
  readonly #parent: Claims | null;
  readonly #taken: object[] = [];

  /**
   * @param task - What the run is called in messages, e.g. `"fit"`.
   * @param trainer - Who runs it.
   * @param parent - The run that it is a part of.
   */
  constructor(task: string, trainer: object, parent: Claims | null = null) {
    this.#task = task;
    this.#trainer = trainer;
    this.#parent = parent;
  }

  /**
   * Takes something for this run.
   *
   * @param what - What it is called in messages, e.g. `"module"`.
   * @throws {@link FulmineError} `INVALID_STATE`, naming both runs, when another run has it.
   */
  take(thing: object, what: string): void {
    const owner = owners.get(thing);
    if (owner === undefined) {
      owners.set(thing, this);
      this.#taken.push(thing);
    } else if (!this.#isWithin(owner)) {
      const whose = owner.#trainer === this.#trainer ? "this Trainer" : "another Trainer";
      throw refusal(
        `\`${this.#task}\` can't begin while \`${owner.#task}\` of ${whose} uses the same ${what}${nameOf(thing)}.`,
      );
    }
  }

  /** Takes data; arrays of batches are read from their start each time, and may be shared. */
  takeData(data: unknown): void {
    if (typeof data === "object" && data !== null && !Array.isArray(data)) this.take(data, "data");
  }

  /** Attaches an optimizer to variables and takes it, with the parameters that it is to train. */
  attach(optimizer: Optimizer, variables: readonly Variable[]): void {
    this.take(optimizer, "optimizer");
    optimizer.attach(variables);
    for (const param of optimizer.params) this.take(param, "variable");
  }

  /** Whether this run uses what the run has that it is a part of. */
  shares(thing: object): boolean {
    return owners.get(thing) !== this && owners.has(thing);
  }

  /** Gives back what this run has taken; what it uses of its parent stays the parent's. */
  release(): void {
    for (const thing of this.#taken.splice(0)) owners.delete(thing);
  }

  /**
   * The error of a Trainer that is asked for a second run while this one goes on.
   *
   * @param task - What it is asked for.
   */
  refuse(task: string): FulmineError {
    return refusal(
      `This Trainer is running already: \`${task}\` can't begin while its \`${this.#task}\` goes on.`,
    );
  }

  #isWithin(owner: Claims): boolean {
    return owner === this || (this.#parent !== null && this.#parent.#isWithin(owner));
  }
}

function refusal(problem: string): FulmineError {
  return new FulmineError("INVALID_STATE", problem, {
    todo: "Await the first run before the second begins; `findLr` may be awaited in a hook of the same Trainer.",
  });
}

/** The name of an object's class, where it says more than what the object is called already. */
function nameOf(thing: object): string {
  if (isVariable(thing)) return ` "${thing.name}"`;
  const { name } = thing.constructor;
  return name === "Object" || name === "" ? "" : ` \`${name}\``;
}
