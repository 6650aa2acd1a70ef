import * as tf from "@tensorflow/tfjs";
import type { Batch, DataSource } from "@fulmine/core";
import type { FindLrOptions } from "@fulmine/lr-finder";
import type { Observations } from "./delicateModule.js";

/** One way in which a search ends. */
export interface Scenario {
  readonly name: string;
  readonly options: FindLrOptions;
  /** The expected end: a stop reason, an error message, or "nothing found". A search with another end is an error. */
  readonly ends: string;
  /** Makes the search end this way. */
  readonly arrange?: (observed: Observations, abort: () => void) => void;
  /** Data of the search, where it differs from the data of the fit. */
  readonly data?: () => DataSource<Batch>;
  /** The user's part that throws when it is called during the search. */
  readonly throwing?: "callback" | "logger";
  /** Whether it ends the surrounding fit too, so that it cannot be tried within a fit. */
  readonly endsFit?: boolean;
  /** Whether it reads the data more than once, so that it cannot be tried on one-shot data. */
  readonly rereads?: boolean;
}

const calm: FindLrOptions = { minLr: 1e-5, maxLr: 1e-1, numTraining: 30, earlyStopThreshold: null };
/** A search that runs until it is stopped. */
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
  (observed: Observations): void => {
    let calls = 0;
    observed.disturb = (_, at) => {
      if (at === place && ++calls === call) throw new Error(`the ${place} failed`);
    };
  };

/** The ways in which a search can end: the rows of the isolation matrix. */
export const endings: readonly Scenario[] = [
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
    arrange: (observed) => void (observed.lossFactor = 0),
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
    ends: "The search was stopped before it ended; everything is as it was.",
    arrange: (observed, abort) =>
      void (observed.disturb = (step) => {
        if (step === 12) abort();
      }),
  },
  {
    name: "SIGINT",
    options: endless,
    ends: "The search was stopped",
    arrange: (observed) =>
      void (observed.disturb = (step, at) => {
        if (step === 12 && at === "hook") process.kill(process.pid, "SIGINT");
      }),
    endsFit: true,
  },
];

/** Searches that train from the same state several times, and ways in which they end. */
export const repeatedSearches: readonly Scenario[] = [
  { name: "trials", options: { minLr: 1e-5, refine: 60, val: false }, ends: "diverged", rereads: true },
  {
    name: "trials scored by held-out data",
    options: { minLr: 1e-5, refine: 60 },
    ends: "diverged",
    rereads: true,
  },
  {
    name: "exception in a trial",
    options: { minLr: 1e-5, numTraining: 20, refine: 60 },
    ends: "the step failed",
    arrange: throwIn("step", 50),
    rereads: true,
  },
  { name: "repeated sweeps", options: { ...calm, repeats: 3 }, ends: "finished", rereads: true },
  {
    name: "exception in the second sweep",
    options: { minLr: 1e-5, repeats: 2, numTraining: 15 },
    ends: "the step failed",
    arrange: throwIn("step", 20),
    rereads: true,
  },
];
