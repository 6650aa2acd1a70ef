import { FulmineError } from "../errors/fulmineError.js";
import { text, type Requirement } from "../options/requirements.js";
import type { TrainerView } from "../module/trainerView.js";

/** What the name of a watched metric must be. */
export const monitorName: Requirement = text('the name of a logged metric, e.g. "val_loss"');

/** The error that nobody has logged a watched metric. */
export function missingMetric(callback: string, monitor: string, trainer: TrainerView): FulmineError {
  const names = Object.keys(trainer.callbackMetrics);
  return new FulmineError(
    "INVALID_OPTION",
    `\`${callback}\` watches \`${monitor}\`, which nobody has logged.`,
    {
      received: monitor,
      todo:
        names.length === 0
          ? `Log it in a step: this.log(${JSON.stringify(monitor)}, value).`
          : `Log it, or watch one of those that are logged: ${names.join(", ")}.`,
    },
  );
}
