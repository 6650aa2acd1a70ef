import * as tf from "@tensorflow/tfjs";
import type { Batch, DataSource } from "@fulmine/core";
import type { FindLrOptions } from "@fulmine/lr-finder";
import type { Watch } from "./delicateModule.js";

/** A way in which a search ends. */
export interface Scenario {
  readonly name: string;
  readonly options: FindLrOptions;
  /** How it must end for the row to mean what it says: its stop reason, its error, or that nothing was found. */
  readonly ends: string;
  /** Makes it end so. */
  readonly arrange?: (watch: Watch, abort: () => void) => void;
  /** Data for the search, where it is not that of the fit. */
  readonly data?: () => DataSource<Batch>;
  /** What a callback or a logger of the user does when it is called while the search goes on. */
  readonly throwing?: "callback" | "logger";
  /** Whether it ends more than the search, so that nothing can be tried in the middle of a fit. */
  readonly endsFit?: boolean;
}

const calm: FindLrOptions = { minLr: 1e-5, maxLr: 1e-1, numTraining: 30, earlyStopThreshold: null };
/** A search that goes on until it is stopped. */
const endless: FindLrOptions = { minLr: 1e-9, maxLr: 1e-8, numTraining: 1_000_000, earlyStopThreshold: null };

function* failing(): Generator<Batch> {
  const batch = { xs: tf.ones([16, 4]), ys: tf.zeros([16], "int32") };
  try {
    yield batch;
  } finally {
    tf.dispose(batch);
  }
  throw new Error("the disk is gone");
}

const throwIn =
  (place: "step" | "hook", call: number) =>
  (watch: Watch): void => {
    let calls = 0;
    watch.disturb = (_, at) => {
      if (at === place && ++calls === call) throw new Error(`the ${place} failed`);
    };
  };

/** The ways in which a search can end: the rows of the matrix. */
export const scenarios: readonly Scenario[] = [
  { name: "finished", options: { ...calm, val: 5 }, ends: "finished" },
  { name: "stopped early", options: { minLr: 1e-5, maxLr: 1e6 }, ends: "diverged" },
  {
    name: "NaN",
    options: { minLr: 1e-5, maxLr: 1e30, earlyStopThreshold: null },
    ends: "not-finite",
  },
  {
    name: "null pick",
    options: calm,
    ends: "nothing found",
    arrange: (watch) => void (watch.lossFactor = 0),
  },
  { name: "exception in trainingStep", options: calm, ends: "the step failed", arrange: throwIn("step", 3) },
  {
    name: "exception in a module's hook",
    options: calm,
    ends: "the hook failed",
    arrange: throwIn("hook", 12),
  },
  { name: "exception in a callback", options: { ...calm, val: 5 }, ends: "finished", throwing: "callback" },
  { name: "exception in the logger", options: { ...calm, val: 5 }, ends: "finished", throwing: "logger" },
  { name: "exception in the data", options: calm, ends: "the disk is gone", data: failing },
  { name: "empty data", options: calm, ends: "`train` gave no batch.", data: () => [] },
  {
    name: "abort",
    options: endless,
    ends: "The search was stopped",
    arrange: (watch, abort) =>
      void (watch.disturb = (step) => {
        if (step === 12) abort();
      }),
  },
  {
    name: "SIGINT",
    options: endless,
    ends: "The search was stopped",
    arrange: (watch) =>
      void (watch.disturb = (step, at) => {
        if (step === 12 && at === "hook") process.kill(process.pid, "SIGINT");
      }),
    endsFit: true,
  },
];
