import { toSvg, type Curve } from "fulmine";
import type { OnRate } from "./pageTrainer.js";

/** The rates that are swept. */
export interface Ladder {
  readonly minLr: number;
  readonly maxLr: number;
  readonly numTraining: number;
}

/** A drawing that follows a sweep. */
export interface LiveSweep {
  readonly onRate: OnRate;
  /** Draws no more. */
  end(): void;
}

/** Draws a sweep while it is measured, once a frame at most. */
export function liveSweep(place: HTMLElement, { minLr, maxLr, numTraining }: Ladder): LiveSweep {
  const lr: number[] = [];
  const smoothed: number[] = [];
  let frame = 0;
  const draw = (): void => {
    frame = 0;
    const curve: Curve = { mode: "exponential", lr, loss: smoothed, smoothed, stopped: "finished" };
    const title = `Learning-rate sweep, ${lr.length} of ${numTraining} steps`;
    place.innerHTML = toSvg({ curve, title }, { theme: "auto" });
  };
  return {
    onRate(done, loss) {
      // What is shown of the rate is rounded; the ladder is exact.
      lr.push(minLr * (maxLr / minLr) ** ((done - 1) / (numTraining - 1)));
      smoothed.push(loss);
      // A line needs two points.
      if (frame === 0 && lr.length > 1) frame = requestAnimationFrame(draw);
    },
    end: () => cancelAnimationFrame(frame),
  };
}
