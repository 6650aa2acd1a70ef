import type { Callback } from "../callback.js";
import type { TimeLimit } from "../trainerOptions.js";

/**
 * Ends training after a time.
 *
 * @param limit - `"DD:HH:MM:SS"`, or an object with `days`, `hours`, `minutes` or `seconds`.
 */
export function timer(limit: TimeLimit): Callback {
  const duration = millisecondsOf(limit);
  let end = Infinity;
  return {
    onTrainStart() {
      end = performance.now() + duration;
    },
    onTrainBatchEnd(trainer) {
      if (performance.now() >= end) trainer.stop();
    },
  };
}

function millisecondsOf(limit: TimeLimit): number {
  if (typeof limit === "string") {
    const [days = 0, hours = 0, minutes = 0, seconds = 0] = limit.split(":").map(Number);
    return millisecondsOf({ days, hours, minutes, seconds });
  }
  const { days = 0, hours = 0, minutes = 0, seconds = 0 } = limit;
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
