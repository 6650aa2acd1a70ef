import type { RunSummary } from "../watched.js";
import { runStyle, swatch, type RunStyle } from "./runStyle.js";

/** The most runs that are chosen at first: the latest ones. */
const MOST_AT_FIRST = 10;
/** A run that has written this many milliseconds ago is training. */
const LIVE = 30_000;

/** The list of runs with a check box for each. */
export class RunChoice {
  /** Runs get their colours in the order in which they were seen. */
  readonly #order = new Map<string, number>();
  readonly #chosen = new Set<string>();
  #runs: readonly RunSummary[] = [];
  #now = 0;

  /** @param onChange - Called when the user has chosen other runs. */
  constructor(
    private readonly parts: {
      readonly list: HTMLElement;
      readonly count: HTMLElement;
      readonly filter: HTMLInputElement;
      readonly all: HTMLElement;
      readonly none: HTMLElement;
    },
    private readonly onChange: () => void,
  ) {
    parts.filter.addEventListener("input", () => this.draw());
    parts.all.addEventListener("click", () => this.#chooseFiltered(true));
    parts.none.addEventListener("click", () => this.#chooseFiltered(false));
  }

  /** The chosen runs. */
  get chosen(): readonly RunSummary[] {
    return this.#runs.filter(({ id }) => this.#chosen.has(id));
  }

  /** The style of a run. */
  styleOf(id: string): RunStyle {
    return runStyle(this.#order.get(id) ?? 0);
  }

  /** Takes the runs that there are now. New ones are chosen, at first only the latest. */
  update(runs: readonly RunSummary[], now: number): void {
    const isFirst = this.#order.size === 0;
    const fresh = runs.filter(({ id }) => !this.#order.has(id));
    const latest = [...fresh].sort((a, b) => b.changedAt - a.changedAt);
    for (const { id } of isFirst ? latest.slice(0, MOST_AT_FIRST) : latest) this.#chosen.add(id);
    // Runs that are shown get the first colours.
    const inOrder = [...fresh].sort(
      (a, b) => Number(this.#chosen.has(b.id)) - Number(this.#chosen.has(a.id)),
    );
    for (const { id } of inOrder) this.#order.set(id, this.#order.size);
    this.#runs = runs;
    this.#now = now;
    this.draw();
  }

  draw(): void {
    const { list, count } = this.parts;
    const filtered = this.#filtered();
    // A new list would take the focus away from a check box.
    const old = new Map(
      [...list.children].map((row) => [row instanceof HTMLElement ? row.dataset["run"] : "", row]),
    );
    const rows = filtered.map((run) => this.#row(run, old.get(run.id)));
    if (rows.some((row, at) => list.children[at] !== row) || list.children.length !== rows.length)
      list.replaceChildren(...rows);
    const { length } = this.#runs;
    const shown = this.chosen.length === length ? "" : `${this.chosen.length} of `;
    count.textContent = `${shown}${length} ${length === 1 ? "run" : "runs"} shown`;
  }

  #filtered(): readonly RunSummary[] {
    const words = this.parts.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    return this.#runs.filter(({ id }) => words.every((word) => id.toLowerCase().includes(word)));
  }

  #chooseFiltered(isChosen: boolean): void {
    for (const { id } of this.#filtered()) this.#choose(id, isChosen);
    this.draw();
    this.onChange();
  }

  #choose(id: string, isChosen: boolean): void {
    if (isChosen) this.#chosen.add(id);
    else this.#chosen.delete(id);
  }

  #row({ id, changedAt }: RunSummary, old: Element | undefined): Element {
    const row = old ?? this.#newRow(id);
    const [box, line, , age] = row.querySelector("label")?.children ?? [];
    if (box instanceof HTMLInputElement) box.checked = this.#chosen.has(id);
    line?.replaceWith(swatch(this.styleOf(id)));
    const past = this.#now - changedAt;
    if (age !== undefined) {
      age.textContent = past < LIVE ? "live" : ageText(past);
      age.classList.toggle("live", past < LIVE);
    }
    return row;
  }

  #newRow(id: string): HTMLElement {
    const row = document.createElement("li");
    row.dataset["run"] = id;
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.addEventListener("change", () => {
      this.#choose(id, box.checked);
      this.draw();
      this.onChange();
    });
    const [name, age, inner] = ["span", "span", "bdi"].map((tag) => document.createElement(tag));
    if (name !== undefined && age !== undefined && inner !== undefined) {
      name.className = "name";
      name.title = id;
      inner.textContent = id;
      name.append(inner);
      age.className = "age";
      label.append(box, swatch(this.styleOf(id)), name, age);
    }
    row.append(label);
    return row;
  }
}

function ageText(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes < 60) return `${Math.max(1, Math.round(minutes))} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 60 / 24)} d`;
}
