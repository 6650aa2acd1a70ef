/** Whether a metric is to fall or to rise. */
export type MonitorMode = "min" | "max";

/** Whether one value of a metric is better than another; NaN is better than none, and none is better than NaN. */
export function isBetter(mode: MonitorMode, value: number, than: number): boolean {
  return mode === "min" ? value < than : value > than;
}
