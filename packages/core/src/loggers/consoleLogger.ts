import { consoleDisplay, type Display } from "../platform/display.js";
import { flatHparams } from "./jsonValue.js";
import type { Logger, Metrics } from "./logger.js";

/**
 * Prints one line for each log.
 *
 * @example
 * ```ts
 * await new Trainer({ logger: new ConsoleLogger(), enableProgressBar: false }).fit(model, data);
 * // hyperparameters  lr 0.001
 * // step 50  train_loss 0.31235
 * ```
 */
export class ConsoleLogger implements Logger {
  readonly #display: Pick<Display, "info">;

  /** @param display - Prints the lines; the console by default. */
  constructor(display: Pick<Display, "info"> = consoleDisplay()) {
    this.#display = display;
  }

  logMetrics(metrics: Metrics, step: number): void {
    this.#print(`step ${step}`, metrics);
  }

  logHyperparams(hparams: Readonly<Record<string, unknown>>): void {
    this.#print("hyperparameters", flatHparams(hparams));
  }

  logText(name: string, text: string, step: number): void {
    this.#print(`step ${step}`, { [name]: text });
  }

  #print(label: string, values: Readonly<Record<string, string | number | boolean>>): void {
    const texts = Object.entries(values).map(([name, value]) => `${name} ${inShort(value)}`);
    this.#display.info([label, ...texts].join("  ").replaceAll(/\s*\n\s*/g, " "));
  }
}

/** A short text of a value: integers in full, other numbers with five digits. */
function inShort(value: string | number | boolean): string {
  if (typeof value !== "number" || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(5)));
}
