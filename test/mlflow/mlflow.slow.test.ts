import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MlflowLogger, ModelCheckpoint, Trainer, type MlflowLoggerOptions } from "@fulmine/core";
import { nodeFiles } from "@fulmine/core/node";
import { portablePlatform } from "@fulmine/core/plugin";
import { withLrFinder } from "@fulmine/lr-finder";
import { makeFitData, makeTiny, TinyModule } from "../../packages/core/test/support/tinyModule.js";
import { freePort, MlflowServer, provideMlflow } from "./mlflowServer.js";

interface Entry {
  readonly key: string;
  readonly value: string;
}

interface RunRead {
  readonly run: {
    readonly info: { readonly status: string; readonly experiment_id: string };
    readonly data: { readonly params?: readonly Entry[]; readonly tags: readonly Entry[] };
  };
}

const folder = mkdtempSync(join(tmpdir(), "fulmine-mlflow-"));
let reason: string | null = null;
let server: MlflowServer;
let warnings: string[];

beforeAll(async () => {
  try {
    const pythonPath = await provideMlflow(join(folder, "python"));
    mkdirSync(join(folder, "server"));
    server = new MlflowServer(pythonPath, join(folder, "server"), await freePort());
    await server.start();
  } catch (error) {
    reason = `a real MLflow server can't be had: ${String(error).slice(0, 500)}`;
    if (process.env["FULMINE_REQUIRE_MLFLOW"] === "1") throw new Error(reason, { cause: error });
  }
}, 300_000);

beforeEach(({ skip }) => {
  if (reason !== null) skip(reason);
  warnings = [];
});

afterAll(async () => {
  if (reason === null) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const makeLogger = (options: Partial<MlflowLoggerOptions> = {}): MlflowLogger =>
  new MlflowLogger({ trackingUri: server.address, warn: (text) => warnings.push(text), ...options });
const idOf = ({ runId }: MlflowLogger): string => runId ?? "none";
const readRun = async (logger: MlflowLogger) => {
  const { run } = await server.get<RunRead>("runs/get", { run_id: idOf(logger) });
  const named = (entries: readonly Entry[] = []) =>
    Object.fromEntries(entries.map(({ key, value }) => [key, value]));
  return { ...run.info, params: named(run.data.params), tags: named(run.data.tags) };
};
const history = async (logger: MlflowLogger, metric_key: string) => {
  const query = { run_id: idOf(logger), metric_key, max_results: "10000" };
  const { metrics } = await server.get<{ metrics: { step: number; value: number | string }[] }>(
    "metrics/get-history",
    query,
  );
  return metrics.sort((a, b) => a.step - b.step).map(({ step, value }) => [step, value] as const);
};

/** A Trainer with a finder and files. */
class FileTrainer extends Trainer {
  protected override readonly platform = { ...portablePlatform, files: nodeFiles };
}
const FindingTrainer = withLrFinder(FileTrainer);

describe("a fit that MLflow records", () => {
  test("has its rate, its metrics, the figure of the search, the checkpoints that are kept, and its end", async () => {
    const mlflow = makeLogger({
      experimentName: "digits",
      runName: "first",
      tags: { team: "a" },
      logModel: true,
    });
    const saved = new ModelCheckpoint({
      ...{ dirpath: join(folder, "saved"), monitor: "val_loss", saveTopK: 2 },
      filename: "{epoch}-{val_loss:.3f}",
    });
    const model = makeTiny(TinyModule);
    const trainer = new FindingTrainer({
      ...{ maxEpochs: 4, seed: 3, logger: mlflow, callbacks: [saved], autoLrFind: true },
      ...{ enableProgressBar: false, enableModelSummary: false },
    });
    await trainer.fit(model, makeFitData());

    const run = await readRun(mlflow);
    expect(run).toMatchObject({ status: "FINISHED", params: { lr: String(model.hparams.lr) } });
    const best = readdirSync(join(folder, "saved")).find((name) => saved.bestModelPath.endsWith(name));
    expect(run.tags).toMatchObject({
      ...{ team: "a", "mlflow.runName": "first", best_checkpoint: `checkpoints/${best ?? ""}` },
    });
    expect((await history(mlflow, "val_loss")).map(([step]) => step)).toEqual([6, 12, 18, 24]);
    expect(mlflow.url).toBe(`${server.address}/#/experiments/${run.experiment_id}/runs/${idOf(mlflow)}`);

    const id = idOf(mlflow);
    const figure = await server.artifact(id, "lr_find/figure.png");
    expect(Buffer.from(figure).subarray(1, 4).toString()).toBe("PNG");
    const [header, ...rows] = Buffer.from(await server.artifact(id, "lr_find.csv"))
      .toString()
      .trimEnd()
      .split("\n");
    expect(header).toBe("lr,loss,smoothed");
    expect(rows.length).toBeGreaterThan(20);
    const kept = readdirSync(join(folder, "saved"));
    expect(kept).toHaveLength(2);
    for (const name of kept) {
      const bytes = await server.artifact(id, `checkpoints/${name}`);
      expect(Buffer.from(bytes).equals(readFileSync(join(folder, "saved", name)))).toBe(true);
    }
    expect(warnings).toEqual([]);
  });

  test("ends as KILLED or FAILED when it was stopped or has failed, and as RUNNING until then", async () => {
    const mlflow = makeLogger();
    await mlflow.logMetrics({ loss: 1 }, 0);
    expect((await readRun(mlflow)).status).toBe("RUNNING");
    await mlflow.finalize("interrupted");
    expect((await readRun(mlflow)).status).toBe("KILLED");
    await mlflow.logMetrics({ test_loss: 1 }, 0);
    await mlflow.finalize("failed");
    expect((await readRun(mlflow)).status).toBe("FAILED");
  });
});

describe("each checkpoint", () => {
  test("is an artifact, and one that can't be read is counted", async () => {
    const mlflow = makeLogger({ logModel: "all" });
    const saved = { bestModelPath: "", bestKModels: {}, lastModelPath: "" };
    const read = async (path: string): Promise<Uint8Array> => {
      if (path.endsWith("lost.ckpt")) throw new Error("it is gone");
      return Uint8Array.of(1, 2, 3);
    };
    for (const path of ["saved/epoch=0-a b.ckpt", "saved/lost.ckpt"])
      await mlflow.afterSaveCheckpoint(path, saved, { read });
    await mlflow.finalize("finished");
    expect([...(await server.artifact(idOf(mlflow), "checkpoints/epoch=0-a b.ckpt"))]).toEqual([1, 2, 3]);
    expect(warnings).toEqual([
      expect.stringContaining("does not get the checkpoint saved/lost.ckpt: it is gone."),
      expect.stringContaining("has not got 1 artifact of this run: see the warnings before."),
    ]);
  });
});

describe("what MLflow does not take as it is", () => {
  test("thousands of values at once, values that are not finite, and odd names all arrive", async () => {
    const mlflow = makeLogger();
    const names = Array.from({ length: 2500 }, (_, at) => `m${at}`);
    await mlflow.logMetrics(Object.fromEntries(names.map((name, at) => [name, at])), 3);
    await mlflow.logMetrics({ nan: NaN, up: Infinity, "a//größe:b": 7 }, 4);
    await mlflow.finalize("finished");
    for (const at of [0, 999, 1000, 2499]) expect(await history(mlflow, `m${at}`)).toEqual([[3, at]]);
    expect(await history(mlflow, "nan")).toEqual([[4, "NaN"]]);
    const [[, up] = []] = await history(mlflow, "up");
    // Its database keeps the largest number instead.
    expect(["Infinity", Number.MAX_VALUE]).toContain(up);
    expect(await history(mlflow, "a/größe_b")).toEqual([[4, 7]]);
    expect(warnings).toEqual([expect.stringContaining("takes no name such as a//größe:b: it is a/größe_b")]);
  });

  test("a changed parameter keeps its first value, and has all values in a tag, also in a run that goes on", async () => {
    const first = makeLogger();
    await first.logHyperparams({ lr: 0.1, optim: { betas: [0.9, 0.99] } });
    await first.logHyperparams({ lr: 0.2, later: true });
    await first.logHyperparams({ lr: 0.2, later: true });
    await first.finalize("finished");
    const second = makeLogger({ runId: idOf(first) });
    await second.logHyperparams({ lr: 0.2, later: true });
    await second.logHyperparams({ lr: 0.3, later: true });
    await second.logMetrics({ loss: 2 }, 9);
    await second.finalize("finished");
    const { params, tags, status } = await readRun(first);
    expect(params).toEqual({ lr: "0.1", "optim.betas": "[0.9,0.99]", later: "true" });
    expect(tags["changed.lr"]).toBe("0.1 → 0.2 → 0.3");
    expect(status).toBe("FINISHED");
    expect(await history(first, "loss")).toEqual([[9, 2]]);
    expect(warnings.map((text) => / changed\.lr is .*/.exec(text)?.[0])).toEqual([
      " changed.lr is 0.1 → 0.2.",
      " changed.lr is 0.1 → 0.2 → 0.3.",
    ]);
  });

  test.each<[what: string, options: Partial<MlflowLoggerOptions>, message: RegExp]>([
    ["a run that is not there", { runId: "0".repeat(32) }, /^MLflow refuses the run: .*0'? not found/],
    ["an address that is not MLflow's", { trackingUri: "/elsewhere" }, /not one of MLflow\. Received: "http/],
  ])("%s is an error at the first log", async (_what, options, message) => {
    const { trackingUri = "", ...others } = options;
    const mlflow = makeLogger({ ...others, trackingUri: server.address + trackingUri });
    await expect(mlflow.logHyperparams({})).rejects.toThrow(message);
  });

  test("a run of another experiment is an error at the first log", async () => {
    const first = makeLogger({ experimentName: "one" });
    await first.logMetrics({ loss: 1 }, 0);
    const second = makeLogger({ experimentName: "two", runId: idOf(first) });
    await expect(second.logMetrics({ loss: 1 }, 0)).rejects.toThrow(
      "The run of `runId` is in the experiment one.",
    );
    await first.finalize("finished");
  });
});

describe("a server that does not answer", () => {
  test("gets all values when it answers again, after one warning", async () => {
    const mlflow = makeLogger({ timeout: 5 });
    await mlflow.logMetrics({ loss: 0 }, 0);
    server.signal("SIGSTOP");
    try {
      for (let step = 1; step < 50; step++) await mlflow.logMetrics({ loss: step }, step);
      await expect.poll(() => warnings, { timeout: 60_000 }).toHaveLength(1);
      for (let step = 50; step < 100; step++) await mlflow.logMetrics({ loss: step }, step);
    } finally {
      server.signal("SIGCONT");
    }
    await mlflow.finalize("finished");
    const steps = Array.from({ length: 100 }, (_, step) => [step, step]);
    // Those that the server took without an answer are sent again; its files then have them twice, its database has not.
    const found = new Map(await history(mlflow, "loss"));
    expect([...found]).toEqual(steps);
    expect((await readRun(mlflow)).status).toBe("FINISHED");
    expect(warnings).toEqual([expect.stringContaining("training goes on")]);
  });

  test("may be down from the start and come later", async () => {
    await server.stop();
    const mlflow = makeLogger();
    await mlflow.logHyperparams({ lr: 0.1 });
    await mlflow.logMetrics({ loss: 1 }, 1);
    expect(mlflow.runId).toBeNull();
    await server.start();
    await mlflow.finalize("finished");
    expect(await readRun(mlflow)).toMatchObject({ status: "FINISHED", params: { lr: "0.1" } });
    expect(await history(mlflow, "loss")).toEqual([[1, 1]]);
    expect(warnings).toHaveLength(1);
  });
});
