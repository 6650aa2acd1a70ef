import { describe, expect, test } from "vitest";
import { Trainer as CoreTrainer, type TrainerProgress } from "@fulmine/core";
import { portablePlatform, type Platform } from "@fulmine/core/plugin";
import { withLrFinder, type FindLrOptions, type LrFinder } from "@fulmine/lr-finder";
import { makeLoader, makeTiny, TinyModule } from "../../core/test/support/tinyModule.js";

const drawn: string[] = [];
class DrawingTrainer extends CoreTrainer {
  protected override readonly platform: Platform = {
    ...portablePlatform,
    display: {
      ...{ info: () => undefined, warn: () => undefined },
      progress: (label, total) => ({
        update: (done, values) =>
          void drawn.push(`${label} ${done}/${total ?? "?"} ${JSON.stringify(values)}`),
        stop: () => void drawn.push("stopped"),
      }),
    },
  };
}
const Trainer = withLrFinder(DrawingTrainer);

const steps = { numTraining: 12, maxLr: 1, earlyStopThreshold: null } as const;
async function told(options: FindLrOptions): Promise<{ events: TrainerProgress[]; finder: LrFinder }> {
  const events: TrainerProgress[] = [];
  const trainer = new Trainer({ seed: 1, onProgress: (event) => void events.push(event) });
  const finder = await trainer.findLr(
    makeTiny(TinyModule),
    { train: makeLoader(), val: makeLoader() },
    { ...steps, ...options },
  );
  return { events, finder };
}

describe("the progress of a search", () => {
  test("reports each rung with the exact numbers of the results", async () => {
    const { events, finder } = await told({});
    const { lr, loss, smoothed } = finder.results;
    expect(events).toEqual([
      { type: "start", task: "findLr", total: 12 },
      ...lr.map((rate, k) => ({
        ...{ type: "rung", done: k + 1, total: 12, lr: rate, loss: loss[k], smoothed: smoothed[k] },
        best: Math.min(...smoothed.slice(0, k + 1)),
      })),
      { type: "end", task: "findLr", status: "finished" },
    ]);
  });

  test("reports held-out losses of scored rungs", async () => {
    const { events, finder } = await told({ val: 4 });
    const { valLoss = [], valSmoothed = [] } = finder.results;
    const scored = [0, 4, 8, 11];
    expect(events.filter(({ type }) => type === "rung")).toMatchObject(
      scored.map((k) => ({ done: k + 1, loss: valLoss[k], smoothed: valSmoothed[k] })),
    );
  });

  test("counts the rungs of all sweeps, and reports trials", async () => {
    const repeated = (await told({ repeats: 2 })).events.filter((event) => event.type === "rung");
    expect(repeated.map(({ done, total }) => [done, total])).toEqual(
      Array.from({ length: 24 }, (_, k) => [k + 1, 24]),
    );
    const { events, finder } = await told({ refine: 60 });
    const trials = events.filter((event) => event.type === "trial");
    expect(trials.map(({ lr, loss }) => [lr, loss])).toEqual(
      finder.results.trials?.map(({ lr, loss }) => [lr, loss.at(-1)]),
    );
    expect(trials.length).toBeGreaterThan(2);
  });

  test("reports how the search ended, and shows no line", async () => {
    const stop = new AbortController();
    const events: TrainerProgress[] = [];
    const trainer = new Trainer({
      seed: 1,
      onProgress: (event) => {
        events.push(event);
        if (events.length === 4) stop.abort();
      },
    });
    drawn.length = 0;
    await expect(
      trainer.findLr(makeTiny(TinyModule), { train: makeLoader() }, { ...steps, signal: stop.signal }),
    ).rejects.toThrow("stopped");
    expect(events.at(-1)).toEqual({ type: "end", task: "findLr", status: "interrupted" });
    expect(drawn).toEqual([]);
  });

  test("is a line without onProgress, and nothing with progress: false", async () => {
    drawn.length = 0;
    const search = (progress: boolean): Promise<LrFinder> =>
      new Trainer({ seed: 1 }).findLr(makeTiny(TinyModule), { train: makeLoader() }, { ...steps, progress });
    await search(false);
    expect(drawn).toEqual([]);
    await search(true);
    expect(drawn).toHaveLength(13);
    expect(drawn[0]).toMatch(
      /^Finding the learning rate 1\/12 \{"lr":"1\.0e-6","loss":"[\d.]+","best":"[\d.]+"\}$/,
    );
    expect(drawn.at(-1)).toBe("stopped");
  });

  test("is reported before the progress of the fit", async () => {
    const events: TrainerProgress[] = [];
    const onProgress = (event: TrainerProgress): void => void events.push(event);
    const trainer = new Trainer({ seed: 1, maxEpochs: 1, autoLrFind: true, onProgress });
    await trainer.fit(makeTiny(TinyModule), { train: makeLoader() });
    const tasks = events.flatMap((event) => ("task" in event ? [`${event.type} ${event.task}`] : []));
    expect(tasks).toEqual(["start findLr", "end findLr", "start fit", "end fit"]);
  });
});
