import type { MlflowRun } from "./openMlflowRun.js";

/** A parameter or a tag. */
export interface MlflowEntry {
  readonly key: string;
  readonly value: string;
}

const ARROW = " → ";

/**
 * The parameters of a run. MLflow keeps the first value of a parameter for good, so later values go to the tag `changed.NAME`,
 * e.g. `0.001 → 0.02`.
 */
export class ParamChanges {
  readonly #first: Map<string, string>;
  /** All values of changed parameters, in order. */
  readonly #history = new Map<string, readonly string[]>();

  constructor({ params, tags }: Pick<MlflowRun, "params" | "tags">) {
    this.#first = new Map(params);
    for (const name of params.keys()) {
      const history = tags.get(tagOf(name));
      if (history !== undefined) this.#history.set(name, history.split(ARROW));
    }
  }

  /** What to send for a parameter: itself if it is new, a tag if it has changed, `null` if the run has this value. */
  record(entry: MlflowEntry): { readonly kind: "params" | "tags"; readonly entry: MlflowEntry } | null {
    const { key, value } = entry;
    const first = this.#first.get(key);
    if (first === undefined) {
      this.#first.set(key, value);
      return { kind: "params", entry };
    }
    const history = this.#history.get(key) ?? [first];
    if (history.at(-1) === value) return null;
    const longer = [...history, value];
    this.#history.set(key, longer);
    return { kind: "tags", entry: { key: tagOf(key), value: longer.join(ARROW) } };
  }
}

function tagOf(name: string): string {
  return `changed.${name}`;
}
