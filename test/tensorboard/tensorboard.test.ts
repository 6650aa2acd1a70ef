import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TensorBoardLogger } from "@fulmine/core/node";
import { LrFinder } from "@fulmine/lr-finder";
import { typical } from "../../packages/lr-finder/test/support/sweeps.js";
import {
  provideTensorBoard,
  readWithTensorBoard,
  type FolderRead,
  type RunRead,
} from "./readWithTensorBoard.js";

const folder = mkdtempSync(join(tmpdir(), "fulmine-tensorboard-"));
const runs = join(folder, "runs");
const losses = Array.from({ length: 300 }, (_, at) => 1 / (at + 3));
const hparams = { optim: { lr: 0.1, betas: [0.9, 0.999] }, rule: "adam", isNesterov: false, decay: NaN };
const note = "# größe\n\n| **ß** | 雷 |";

let reason: string | null = null;
let started: number;
let ended: number;
let found: FolderRead;

beforeAll(async () => {
  let pythonPath: string;
  try {
    pythonPath = await provideTensorBoard(join(folder, "python"));
  } catch (error) {
    reason = `the Python package tensorboard can't be had: ${String(error).slice(0, 200)}`;
    if (process.env["FULMINE_REQUIRE_TENSORBOARD"] === "1") throw new Error(reason, { cause: error });
    return;
  }
  started = Date.now() / 1000;
  const names = [writeRun(), writeSecondRun(), writeKilledRun(), await writeSearch()];
  ended = Date.now() / 1000;
  found = await readWithTensorBoard(pythonPath, runs, names);
}, 120_000);

beforeEach(({ skip }) => {
  if (reason !== null) skip(reason);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run with everything, which goes on after it was ended once. */
function writeRun(): string {
  const logger = new TensorBoardLogger({ dir: runs });
  logger.logHyperparams(hparams);
  losses.forEach((loss, at) => logger.logMetrics({ "train/loss": loss, lr: 1e-5 }, at * 50));
  logger.logMetrics({ val_loss: 0 }, 0);
  logger.logMetrics({ val_loss: NaN }, 127);
  logger.logMetrics({ val_loss: -Infinity }, 128);
  logger.logText("note", note, 3);
  logger.logText("note", "", 128);
  logger.logHistogram("kernel", Float32Array.of(-1, 0, 0, 0.5, 0.5, 2, NaN, Infinity), 7);
  logger.logHistogram("kernel", [], 8);
  logger.logHistogram("extremes", [-1e25, 1e-300, 1e25], 0);
  logger.finalize("finished");
  logger.logMetrics({ val_loss: 0.25 }, 2 ** 31 - 1);
  logger.finalize("finished");
  return logger.version;
}

/** A run with other hyperparameters and metrics than the first, which fails. */
function writeSecondRun(): string {
  const logger = new TensorBoardLogger({ dir: runs });
  logger.logHyperparams({ optim: { lr: 0.2 }, width: 8 });
  logger.logMetrics({ accuracy: 0.5 }, 1);
  logger.finalize("failed");
  return logger.version;
}

/** A run whose process ended in the middle of a write. */
function writeKilledRun(): string {
  const logger = new TensorBoardLogger({ dir: runs });
  logger.logMetrics({ far: 1 }, 2 ** 40);
  losses.forEach((loss, at) => logger.logMetrics({ loss }, at));
  const [file = ""] = readdirSync(logger.folder);
  const path = join(logger.folder, file);
  appendFileSync(path, readFileSync(path).subarray(0, 30));
  return logger.version;
}

/** A run that only has a search, with held-out losses for every second rung. */
async function writeSearch(): Promise<string> {
  const logger = new TensorBoardLogger({ dir: runs });
  const valLoss = typical.loss.map((loss, k) => (k % 2 === 0 ? loss : NaN));
  await new LrFinder({ ...typical, valLoss }).log(logger, { step: 3 });
  logger.finalize("finished");
  return logger.version;
}

function read(name: string): RunRead {
  const run = found.runs[name];
  if (run === undefined) throw new Error(`TensorBoard found no run ${name}.`);
  return run;
}

/** The limits of TensorBoard's buckets next to a number. */
function limitsAround(value: number): [under: number, above: number] {
  let limits: [number, number] = [0, 1e-12];
  while (limits[1] <= value) limits = [limits[1], limits[1] * 1.1];
  return limits;
}

describe("TensorBoard reads back", () => {
  test("scalars, as 32-bit floats", () => {
    const { fileVersion, scalars } = read("version_0");
    expect(fileVersion).toBe(2);
    expect(Object.keys(scalars).sort()).toEqual(["lr", "train/loss", "val_loss"]);
    const rows = scalars["train/loss"] ?? [];
    expect(rows.map(([step, value]) => [step, Number(value)])).toEqual(
      losses.map((loss, at) => [at * 50, Math.fround(loss)]),
    );
    expect(rows.every(([, , time]) => time >= started && time <= ended)).toBe(true);
    expect(scalars["val_loss"]?.map(([step, value]) => [step, value])).toEqual([
      [0, "0.0"],
      [127, "nan"],
      [128, "-inf"],
      [2 ** 31 - 1, "0.25"],
    ]);
  });

  test("a search, as curves over its rungs and as a figure", () => {
    const { scalars, images } = read("version_3");
    const losses = (tag: string): number[][] =>
      (scalars[tag] ?? []).map(([step, value]) => [step, Number(value)]);
    const over = (values: readonly number[]): number[][] => values.map((value, k) => [k, Math.fround(value)]);
    expect(losses("lr_find/lr")).toEqual(over(typical.lr));
    expect(losses("lr_find/smoothed")).toEqual(over(typical.smoothed));
    // What was not measured is not there.
    expect(losses("lr_find/val_loss")).toEqual(over(typical.loss).filter((_, k) => k % 2 === 0));
    expect(images).toEqual({ "lr_find/figure": [[3, 800, 560, "PNG"]] });
  });

  test("histograms", () => {
    const { histograms } = read("version_0");
    const [[underOne, one], [underHalf, half], [underTwo, two]] = [
      limitsAround(1),
      limitsAround(0.5),
      limitsAround(2),
    ];
    expect(histograms["kernel"]).toEqual([
      [
        7,
        {
          ...{ min: -1, max: 2, num: 6, sum: 2, sum_squares: 5.5 },
          bucket: [0, 1, 0, 2, 0, 2, 0, 1],
          bucket_limit: [-one, -underOne, 0, 1e-12, underHalf, half, underTwo, two],
        },
      ],
      [8, { min: 0, max: 0, num: 0, sum: 0, sum_squares: 0, bucket: [], bucket_limit: [] }],
    ]);
    const { bucket, bucket_limit } = histograms["extremes"]?.[0]?.[1] ?? {};
    expect(bucket).toEqual([0, 1, 0, 1, 0, 1]);
    expect(bucket_limit?.slice(-1)).toEqual([Number.MAX_VALUE]);
  });

  test("texts", () => {
    expect(read("version_0").texts).toEqual({
      note: [
        [3, note],
        [128, ""],
      ],
    });
  });

  test("hyperparameters, and how the run ended", () => {
    const time: unknown = expect.toSatisfy((value: number) => value >= started && value <= ended);
    expect(read("version_0").hparams).toEqual({
      "_hparams_/session_start_info": {
        sessionStartInfo: {
          startTimeSecs: time,
          hparams: {
            "optim.lr": 0.1,
            "optim.betas": "[0.9,0.999]",
            rule: "adam",
            isNesterov: false,
            decay: "NaN",
          },
        },
      },
      "_hparams_/session_end_info": { sessionEndInfo: { status: "STATUS_SUCCESS", endTimeSecs: time } },
    });
  });

  test("the HParams tab, with the columns and the last metrics of all runs", () => {
    const { columns, metrics, rows } = found.tab;
    expect([...columns].sort()).toEqual([
      ["decay", "DATA_TYPE_STRING"],
      ["isNesterov", "DATA_TYPE_BOOL"],
      ["optim.betas", "DATA_TYPE_STRING"],
      ["optim.lr", "DATA_TYPE_FLOAT64"],
      ["rule", "DATA_TYPE_STRING"],
      ["width", "DATA_TYPE_FLOAT64"],
    ]);
    expect([...metrics].sort()).toEqual(["accuracy", "lr", "train/loss", "val_loss"]);
    const byName = [...rows].sort((a, b) =>
      (a.sessions[0]?.name ?? "").localeCompare(b.sessions[0]?.name ?? ""),
    );
    expect(byName.map(({ sessions }) => sessions[0])).toMatchObject([
      { name: expect.stringContaining("version_0") as unknown, status: "STATUS_SUCCESS" },
      { name: expect.stringContaining("version_1") as unknown, status: "STATUS_FAILURE" },
    ]);
    expect(byName[1]?.hparams).toEqual({ "optim.lr": 0.2, width: 8 });
    expect(byName[1]?.metricValues.map(({ name, value }) => [name.tag, value])).toEqual([["accuracy", 0.5]]);
    expect(byName[0]?.metricValues.find(({ name }) => name.tag === "val_loss")?.value).toBe(0.25);
  });

  test("all but the last rows of a run that was killed in the middle of a write", () => {
    const { loss: rows = [], far = [] } = read("version_2").scalars;
    expect(far.map(([step]) => step)).toEqual([2 ** 40]);
    expect(rows.length).toBeGreaterThan(losses.length - 20);
    expect(rows.map(([step, value]) => [step, Number(value)])).toEqual(
      losses.slice(0, rows.length).map((loss, at) => [at, Math.fround(loss)]),
    );
  });
});
