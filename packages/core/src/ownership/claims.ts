import { FulmineError } from "../errors/fulmineError.js";
import { isVariable } from "../tensors/isTensor.js";

/** The run that currently owns each module, optimizer, variable or loader. */
const owners = new WeakMap<object, Claims>();

/** Whether a run currently owns an object. */
export function isTaken(thing: object): boolean {
  return owners.has(thing);
}

/**
 * The objects that one run of a Trainer owns: its module, its optimizers with their parameters, and its data.
 *
 * An object belongs to at most one run at a time. A search within a fit may use the objects of the fit.
 */
export class Claims {
  readonly #task: string;
  readonly #trainer: object;
  readonly #parent: Claims | null;
  readonly #taken: object[] = [];

  /**
   * @param task - The run's name in messages, e.g. `"fit"`.
   * @param trainer - The Trainer of the run.
   * @param parent - The run that contains this one.
   */
  constructor(task: string, trainer: object, parent: Claims | null = null) {
    this.#task = task;
    this.#trainer = trainer;
    this.#parent = parent;
  }

  /**
   * Claims an object for this run, unless a run that contains this one owns it.
   *
   * @param what - The object's kind in messages, e.g. `"module"`.
   * @throws FulmineError `INVALID_STATE`, naming both runs, when another run owns it.
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

  /** Claims data. Arrays of batches are not claimed: each run reads them from their start, so runs may share them. */
  takeData(data: unknown): void {
    if (typeof data === "object" && data !== null && !Array.isArray(data)) this.take(data, "data");
  }

  /** Whether another run owns the object, so that this run only shares it. */
  shares(thing: object): boolean {
    return owners.get(thing) !== this && owners.has(thing);
  }

  /** Releases everything that this run has claimed; what it shares stays the parent's. */
  release(): void {
    for (const thing of this.#taken.splice(0)) owners.delete(thing);
  }

  /**
   * Makes the error for a second run of the same Trainer while this run is active.
   *
   * @param task - The second run's name in messages.
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

/** A variable's name, or the name of an object's class if it has one of its own. */
function nameOf(thing: object): string {
  if (isVariable(thing)) return ` "${thing.name}"`;
  const { name } = thing.constructor;
  return name === "Object" || name === "" ? "" : ` \`${name}\``;
}
