import { toSvg, type Curve, type TrainerProgress } from "fulmine";

/** A drawing that follows a sweep. */
export interface LiveSweep {
  readonly onProgress: (event: TrainerProgress) => void;
  /** Draws no more. */
  end(): void;
}

/** Draws a sweep while it is measured, once a frame at most. */
export function liveSweep(place: HTMLElement): LiveSweep {
  const lr: number[] = [];
  const loss: number[] = [];
  const smoothed: number[] = [];
  let title = "";
  let frame = 0;
  const draw = (): void => {
    frame = 0;
    const curve: Curve = { mode: "exponential", lr, loss, smoothed, stopped: "finished" };
    place.innerHTML = toSvg({ curve, title }, { theme: "auto" });
  };
  return {
    onProgress(event) {
      if (event.type !== "rung") return;
      lr.push(event.lr);
      loss.push(event.loss);
      smoothed.push(event.smoothed);
      title = `Learning-rate sweep, ${event.done} of ${event.total} steps`;
      // A line needs two points.
      if (frame === 0 && lr.length > 1) frame = requestAnimationFrame(draw);
    },
    end: () => cancelAnimationFrame(frame),
  };
}
