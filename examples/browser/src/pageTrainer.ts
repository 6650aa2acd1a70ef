import { portablePlatform, Trainer, type Display, type Platform, type ProgressLine } from "fulmine";

/** Told of every rate of a sweep: how many there were, and the smoothed loss. */
export type OnRate = (done: number, loss: number) => void;

/** A Trainer that shows a sweep on the page. */
export class PageTrainer extends Trainer {
  /** Where the sweep that runs now is shown. */
  onRate: OnRate | null = null;

  protected override readonly platform: Platform = { ...portablePlatform, display: this.makeDisplay() };

  private makeDisplay(): Display {
    const line: ProgressLine = {
      update: (done, values = {}) => this.onRate?.(done, Number(values["loss"])),
      stop: () => undefined,
    };
    return { ...portablePlatform.display, progress: () => line };
  }
}
