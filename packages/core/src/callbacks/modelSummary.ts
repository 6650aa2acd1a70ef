import { counted } from "../errors/counted.js";
import type { Callback } from "../module/callback.js";
import type { Module } from "../module/module.js";
import { findVariables } from "../module/moduleVariables.js";
import type { TrainerView } from "../module/trainerView.js";

/**
 * Shows the number of parameters of the module and its parts when a fit begins. The Trainer adds it unless
 * `enableModelSummary` is false.
 */
export class ModelSummary implements Callback {
  onFitStart(trainer: TrainerView, module: Module): void {
    const rows = Object.entries(module)
      .filter(([name]) => name !== "hparams")
      .map(([name, value]) => ({ name, ...countParams({ value: value as unknown }) }))
      .filter(({ total }) => total > 0);
    const width = Math.max(...rows.map(({ name }) => name.length), 0);
    const lines = rows.map(({ name, total }) => `  ${name.padEnd(width)}  ${total.toLocaleString("en")}`);
    const { total, trainable } = countParams(module);
    const sum = `${counted(trainable, "trainable parameter")} of ${total.toLocaleString("en")}`;
    trainer.display.info([...(rows.length > 1 ? lines : []), sum].join("\n"));
  }
}

/** The number of elements in a module's variables. */
function countParams(module: object): { readonly total: number; readonly trainable: number } {
  const { all, trainable } = findVariables(module);
  const sizeOf = (variables: typeof all): number => variables.reduce((sum, { size }) => sum + size, 0);
  return { total: sizeOf(all), trainable: sizeOf(trainable) };
}
