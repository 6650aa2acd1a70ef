import { consoleDisplay, type Display } from "../platform/display.js";
import { flatHparams } from "./jsonValue.js";
import type { Logger, Metrics } from "./logger.js";

/**
 * Prints one line for each thing that is logged.
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

  /** @param display - Where the lines go. Left out, to the console. */
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

/** A number with five digits, which tells two losses apart; whole numbers in full. */
function inShort(value: string | number | boolean): string {
  if (typeof value !== "number" || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(5)));
}
