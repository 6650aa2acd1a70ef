import * as tf from "@tensorflow/tfjs";
import { getEventListeners } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { seeded, type Batch, type Callback, type DataSource, type Logger } from "@fulmine/core";
import type { LrFinder } from "@fulmine/lr-finder";
import { Trainer } from "fulmine";
import { makeLoader, weightsOf } from "../../../packages/core/test/support/tinyModule.js";
import { DelicateModule, Observations, readOnce } from "./delicateModule.js";
import type { Scenario } from "./scenarios.js";

/** The parts of the state that a search must leave unchanged: the columns of the isolation matrix. */
export const columns = [
  ...["weights", "BatchNorm statistics", "optimizer slots and counters", "schedule", "random state"],
  ...["shuffle order with its own generator", "one-shot data", "loop counters", "callbacks and loggers"],
  ...["metrics", "hparams", "files on disk", "tensors", "listeners", "signal handlers"],
] as const;
type Column = (typeof columns)[number];

/** Whether each part was unchanged, bit for bit. */
export type Outcome = Readonly<Record<Column, boolean>>;

type MakeData = () => DataSource<Batch>;

/** The training points in an order that the loader's own generator decides. */
export const withOwnGenerator: MakeData = () => makeLoader({ seed: 3 });

/**
 * Compares runs with and without a search: before and between two fits, within a fit, and before a fit on one-shot data.
 *
 * @param makeData - Makes the training data; each call must give the same batches.
 */
export async function measureScenario(
  scenario: Scenario,
  makeData: MakeData = withOwnGenerator,
): Promise<Outcome> {
  const control = await controlOf(makeData);
  const between = await searchBetween(scenario, makeData);
  const within = scenario.endsFit === true ? null : await searchWithin(scenario, makeData);
  const once = scenario.rereads === true ? control.once : await searchOnce(scenario);
  const isSame = (name: "batches" | "losses" | "after"): boolean =>
    isDeepStrictEqual(between[name], control.between[name]) &&
    (within === null || isDeepStrictEqual(within[name], control.within[name]));
  const { unchanged } = between;
  return {
    ...unchanged,
    weights: unchanged.weights && isSame("after"),
    schedule: unchanged.schedule && (within?.unchanged.schedule ?? true),
    "random state": isSame("losses"),
    "shuffle order with its own generator": isSame("batches"),
    "one-shot data": isDeepStrictEqual(once, control.once),
  };
}

/** The runs without a search, which all scenarios share. */
interface Control {
  readonly between: Trace;
  readonly within: Trace;
  readonly once: readonly number[];
}

const controls = new Map<MakeData, Control>();

async function controlOf(makeData: MakeData): Promise<Control> {
  const known = controls.get(makeData);
  if (known !== undefined) return known;
  const between = await searchBetween(null, makeData);
  const within = await searchWithin(null, makeData);
  const control = { between, within, once: await searchOnce(null) };
  controls.set(makeData, control);
  return control;
}

/** The observations of a run. */
interface Trace {
  readonly batches: readonly number[];
  readonly losses: readonly number[];
  readonly after: unknown;
  readonly unchanged: Record<
    Exclude<Column, "random state" | "shuffle order with its own generator" | "one-shot data">,
    boolean
  >;
}

/** One run: a Trainer and a module, their observations, and a search that a scenario ends. */
class World {
  readonly observed = new Observations();
  readonly model = seeded(7, () => new DelicateModule(this.observed));
  readonly folder = mkdtempSync(join(tmpdir(), "fulmine-isolation-"));
  controller = new AbortController();
  readonly trainer: Trainer;
  unchanged: Trace["unchanged"] | null = null;

  constructor(
    readonly scenario: Scenario | null,
    callbacks: readonly Callback[] = [],
  ) {
    const tell = (who: "callback" | "logger", what: string): void => {
      if (!this.observed.isSearching) return;
      this.observed.heard.push(what);
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

  /** Searches, and compares the state right afterwards with the state before. */
  async search(data?: { train: DataSource<Batch>; val?: DataSource<Batch> }): Promise<void> {
    const { scenario, observed, trainer, model } = this;
    if (scenario === null) return;
    this.controller = new AbortController();
    observed.steps = 0;
    const before = await this.read();
    scenario.arrange?.(observed, () => this.controller.abort());
    observed.isSearching = true;
    const given = scenario.data === undefined ? data : { ...data, train: scenario.data() };
    const options = { ...scenario.options, signal: this.controller.signal, progress: false };
    const ended = await trainer.findLr(model, given, options).then(endOf, (error: unknown) => String(error));
    observed.isSearching = false;
    if (!ended.includes(scenario.ends))
      throw new Error(`A search that should have ended by "${scenario.ends}" ended by "${ended}".`);
    const after = await this.read();
    const unchanged = Object.keys(before).map((name) => {
      const column = name as keyof typeof before;
      const wasUnchanged = this.unchanged?.[column] ?? true;
      return [column, wasUnchanged && isDeepStrictEqual(before[column], after[column])];
    });
    this.unchanged = {
      ...(Object.fromEntries(unchanged) as Record<keyof typeof before, boolean>),
      "callbacks and loggers": observed.heard.length === 0,
    };
  }

  /** The whole state that can be read at one moment. */
  private async read() {
    const { trainer, model, observed } = this;
    const tensors = tf.memory().numTensors;
    const { currentEpoch, globalStep, shouldStop, isAccumulating, accumulateGradBatches } = trainer;
    const trainable = new Set(model.net.trainableWeights.map(({ name }) => name));
    const values = (isTrainable: boolean) =>
      model.net.weights
        .filter(({ name }) => trainable.has(name) === isTrainable)
        .map((weight) => [...weight.read().dataSync()]);
    // Before the first step it makes no difference whether an optimizer knows its variables.
    const { params, ...optimizer } = structuredClone(await model.optimizer.stateDict());
    return {
      weights: values(true),
      "BatchNorm statistics": values(false),
      "optimizer slots and counters": { ...optimizer, params: params.filter(({ step }) => step > 0) },
      schedule: structuredClone(observed.scheduler?.snapshot() ?? null),
      "loop counters": {
        ...{ currentEpoch, globalStep, shouldStop, isAccumulating, accumulateGradBatches },
        ...{ counter: model.counter, batchIndices: [...model.batchIndices] },
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

  async trace(): Promise<Trace> {
    const { observed, model, trainer } = this;
    const { optimizer, counter, batchIndices, hparams } = model;
    const { groups, params, shared } = structuredClone(await optimizer.stateDict());
    // Each run's variables have other names.
    const slots = params.map(({ step, slots }) => ({ step, slots }));
    const after = {
      ...{ weights: weightsOf(model), groups, slots, shared },
      ...{ lr: optimizer.lr, metrics: { ...trainer.callbackMetrics }, hparams, counter, batchIndices },
    };
    const { batches, losses } = observed;
    const none = { schedule: true, weights: true } as Trace["unchanged"];
    trainer.dispose();
    model.net.dispose();
    rmSync(this.folder, { recursive: true });
    return { batches, losses, after, unchanged: this.unchanged ?? none };
  }
}

/** Fits twice, with a search before each fit. */
async function searchBetween(scenario: Scenario | null, makeData: MakeData): Promise<Trace> {
  const world = new World(scenario);
  const data = { train: makeData(), val: validation() };
  await world.search(data);
  await world.trainer.fit(world.model, data);
  await world.search(data);
  await world.trainer.fit(world.model, data);
  return world.trace();
}

/** Fits with a search at the start of the second epoch. */
async function searchWithin(scenario: Scenario | null, makeData: MakeData): Promise<Trace> {
  const world: World = new World(scenario, [
    {
      async onTrainEpochStart({ currentEpoch, lrSchedulers: [scheduler = null] }) {
        if (currentEpoch !== 1) return;
        world.observed.scheduler = scheduler;
        await world.search(scenario?.data === undefined ? undefined : { train: [], val: validation() });
      },
    },
  ]);
  await world.trainer.fit(world.model, { train: makeData(), val: validation() });
  return world.trace();
}

/** Fits on one-shot data after a search on the same data, and returns the batches of the fit. */
async function searchOnce(scenario: Scenario | null): Promise<readonly number[]> {
  const world = new World(scenario);
  const data = { train: readOnce(), val: validation() };
  await world.search(data);
  await world.trainer.fit(world.model, data).catch((error: unknown) => {
    // One-shot data have no batch in the second epoch.
    if (!String(error).includes("gave no batch")) throw error;
  });
  return (await world.trace()).batches;
}

function validation(): DataSource<Batch> {
  return makeLoader({ size: 32, seed: 3 });
}

function endOf(finder: LrFinder): string {
  return finder.suggestion() === null && finder.results.stopped === "finished"
    ? "nothing found"
    : finder.results.stopped;
}
