import * as tf from "@tensorflow/tfjs";
import { getEventListeners } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { seeded, type Batch, type Callback, type DataSource, type Logger } from "@fulmine/core";
import type { LrFinder } from "@fulmine/lr-finder";
import { Trainer } from "fulmine";
import { DelicateModule, makeLoader, readOnce, Watch } from "./delicateModule.js";
import type { Scenario } from "./scenarios.js";

/** What a search must leave as it was: the columns of the matrix. */
export const columns = [
  ...["weights", "BatchNorm statistics", "optimizer slots and counters", "schedule", "random state"],
  ...["shuffle order with its own generator", "one-shot data", "loop counters", "callbacks and loggers"],
  ...["metrics", "hparams", "files on disk", "tensors", "listeners", "signal handlers"],
] as const;
export type Column = (typeof columns)[number];

/** Whether each of them was, bit for bit. */
export type Outcome = Readonly<Record<Column, boolean>>;

/** Searches between two fits, in the middle of one, and before one on data that can be read once, and compares. */
export async function measureScenario(scenario: Scenario): Promise<Outcome> {
  const between = await searchBetween(scenario);
  const control = await searchBetween(null);
  const amid = scenario.endsFit === true ? null : await searchAmid(scenario);
  const amidControl = amid === null ? null : await searchAmid(null);
  const isSame = (name: "batches" | "losses" | "after"): boolean =>
    isDeepStrictEqual(between[name], control[name]) &&
    (amid === null || isDeepStrictEqual(amid[name], amidControl?.[name]));
  const { unchanged } = between;
  return {
    ...unchanged,
    weights: unchanged.weights && isSame("after"),
    schedule: unchanged.schedule && (amid?.unchanged.schedule ?? true),
    "random state": isSame("losses"),
    "shuffle order with its own generator": isSame("batches"),
    "one-shot data": isDeepStrictEqual(await searchOnce(scenario), await searchOnce(null)),
  };
}

/** What came of a fit with a search somewhere. */
interface Trace {
  readonly batches: readonly number[];
  readonly losses: readonly number[];
  readonly after: unknown;
  readonly unchanged: Record<
    Exclude<Column, "random state" | "shuffle order with its own generator" | "one-shot data">,
    boolean
  >;
}

class World {
  readonly watch = new Watch();
  readonly model = seeded(7, () => new DelicateModule(this.watch));
  readonly folder = mkdtempSync(join(tmpdir(), "fulmine-isolation-"));
  readonly controller = new AbortController();
  readonly trainer: Trainer;
  unchanged: Trace["unchanged"] | null = null;

  constructor(
    readonly scenario: Scenario | null,
    callbacks: readonly Callback[] = [],
  ) {
    const tell = (who: "callback" | "logger", what: string): void => {
      if (!this.watch.isSearching) return;
      this.watch.heard.push(what);
      if (scenario?.throwing === who) throw new Error(`the ${who} failed`);
    };
    const spy: Callback = new Proxy<Callback>(
      {},
      {
        get: (_, name) =>
          typeof name === "string" && name.startsWith("on") ? () => tell("callback", name) : undefined,
      },
    );
    const logger: Logger = {
      logMetrics: () => tell("logger", "metrics"),
      logHyperparams: () => tell("logger", "hparams"),
      finalize: () => tell("logger", "end"),
    };
    this.trainer = new Trainer({
      ...{
        enableProgressBar: false,
        seed: 1,
        maxEpochs: 2,
        numSanityValSteps: 0,
        defaultRootDir: this.folder,
      },
      ...{ accelerator: "auto", logger, callbacks: [...callbacks, spy] },
    });
  }

  /** Searches, and notes what differs right afterwards. */
  async search(data?: { train: DataSource<Batch>; val?: DataSource<Batch> }): Promise<void> {
    const { scenario, watch, trainer, model } = this;
    if (scenario === null) return;
    const before = await this.read();
    scenario.arrange?.(watch, () => this.controller.abort());
    watch.isSearching = true;
    const given = scenario.data === undefined ? data : { ...data, train: scenario.data() };
    const options = { ...scenario.options, signal: this.controller.signal, progress: false };
    const ended = await trainer.findLr(model, given, options).then(endOf, (error: unknown) => String(error));
    watch.isSearching = false;
    if (!ended.includes(scenario.ends))
      throw new Error(`A search that should have ended by "${scenario.ends}" ended by "${ended}".`);
    const after = await this.read();
    const unchanged = Object.keys(before).map((name) => {
      const column = name as keyof typeof before;
      return [column, isDeepStrictEqual(before[column], after[column])];
    });
    this.unchanged = {
      ...(Object.fromEntries(unchanged) as Record<keyof typeof before, boolean>),
      "callbacks and loggers": watch.heard.length === 0,
    };
  }

  /** Everything that can be read at one moment. */
  private async read() {
    const { trainer, model, watch } = this;
    const tensors = tf.memory().numTensors;
    const { currentEpoch, globalStep, shouldStop, isAccumulating, accumulateGradBatches } = trainer;
    const trainable = new Set(model.net.trainableWeights.map(({ name }) => name));
    const values = (isTrainable: boolean) =>
      model.net.weights
        .filter(({ name }) => trainable.has(name) === isTrainable)
        .map((weight) => [...weight.read().dataSync()]);
    return {
      weights: values(true),
      "BatchNorm statistics": values(false),
      "optimizer slots and counters": structuredClone(await model.optimizer.stateDict()),
      schedule: structuredClone(watch.scheduler?.snapshot() ?? null),
      "loop counters": {
        ...{ currentEpoch, globalStep, shouldStop, isAccumulating, accumulateGradBatches },
        counter: model.counter,
      },
      metrics: { ...trainer.callbackMetrics },
      hparams: { ...model.hparams },
      "files on disk": [...readdirSync(this.folder, { recursive: true }), ...readdirSync(process.cwd())],
      tensors,
      listeners: [
        getEventListeners(this.controller.signal, "abort").length,
        trainer.events.listenerCount("onTrainBatchEnd"),
      ],
      "signal handlers": ["SIGINT", "SIGTERM", "uncaughtException", "exit"].map((name) =>
        process.listenerCount(name),
      ),
    };
  }

  trace(): Trace {
    const { watch, model, trainer } = this;
    const after = model.net.getWeights().map((weight) => [...weight.dataSync()]);
    const { batches, losses } = watch;
    const none = { schedule: true, weights: true } as Trace["unchanged"];
    trainer.dispose();
    model.net.dispose();
    rmSync(this.folder, { recursive: true });
    return { batches, losses, after, unchanged: this.unchanged ?? none };
  }
}

async function searchBetween(scenario: Scenario | null): Promise<Trace> {
  const world = new World(scenario);
  const data = { train: makeLoader(), val: makeLoader(32) };
  await world.trainer.fit(world.model, data);
  await world.search(data);
  await world.trainer.fit(world.model, data);
  return world.trace();
}

async function searchAmid(scenario: Scenario | null): Promise<Trace> {
  const world: World = new World(scenario, [
    {
      async onTrainEpochStart({ currentEpoch, lrSchedulers: [scheduler = null] }) {
        if (currentEpoch !== 1) return;
        world.watch.scheduler = scheduler;
        await world.search(scenario?.data === undefined ? undefined : { train: [], val: makeLoader(32) });
      },
    },
  ]);
  await world.trainer.fit(world.model, { train: makeLoader(), val: makeLoader(32) });
  return world.trace();
}

/** The batches that a fit sees of data that can be read only once, and a search has read before. */
async function searchOnce(scenario: Scenario | null): Promise<readonly number[]> {
  const world = new World(scenario);
  const data = { train: readOnce(), val: makeLoader(32) };
  await world.search(data);
  await world.trainer.fit(world.model, data).catch((error: unknown) => {
    // A second epoch of such data has no batch.
    if (!String(error).includes("gave no batch")) throw error;
  });
  return world.trace().batches;
}

function endOf(finder: LrFinder): string {
  return finder.suggestion() === null && finder.results.stopped === "finished"
    ? "nothing found"
    : finder.results.stopped;
}
