/** The events of a run in order, one line each. */
export class Journal {
  readonly lines: string[] = [];
  readonly #calls = new Map<string, number>();

  /** Records an event with values; different bits give different texts. */
  note(what: string, ...values: readonly unknown[]): void {
    this.lines.push([what, ...values.map(textOf)].join(" "));
  }

  /** Records a call of a step or hook; returns the number of earlier calls. */
  begin(what: string, ...values: readonly unknown[]): number {
    const call = this.#calls.get(what) ?? 0;
    this.#calls.set(what, call + 1);
    this.note(`${what} begins`, ...values);
    return call;
  }
}

function textOf(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (ArrayBuffer.isView(value)) return `[${Array.from(value as Float32Array, textOf).join(" ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([key, item]) => `${key} ${textOf(item)}`)
    .join(", ");
}
