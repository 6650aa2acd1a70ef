import { describe, expect, test } from "vitest";
import { HistoryLogger, Trainer as CoreTrainer, type Logger } from "@fulmine/core";
import { LrFinderCallback, withLrFinder } from "@fulmine/lr-finder";
import { makeLoader, makeTiny, TinyModule } from "../../core/test/support/tinyModule.js";

const Trainer = withLrFinder(CoreTrainer);
const quiet = { enableProgressBar: false, seed: 1 } as const;

/** Records all calls in order. */
class Noting implements Logger {
  readonly tables: [name: string, columns: Readonly<Record<string, readonly number[]>>][] = [];
  readonly images: [name: string, png: Uint8Array, step: number][] = [];
  readonly calls: string[] = [];
  logMetrics(): void {
    this.calls.push("metrics");
  }
  logHyperparams(): void {
    this.calls.push("hyperparameters");
  }
  logTable(...table: (typeof this.tables)[number]): void {
    this.calls.push("table");
    this.tables.push(table);
  }
  logImage(...image: (typeof this.images)[number]): void {
    this.calls.push("image");
    this.images.push(image);
  }
}

describe("the log of a search", () => {
  test("comes from the fit, before the hyperparameters: the curve as a table, the figure as an image", async () => {
    const [noting, history] = [new Noting(), new HistoryLogger()];
    const trainer = new Trainer({ ...quiet, maxSteps: 1, autoLrFind: true, logger: [history, noting] });
    await trainer.fit(makeTiny(TinyModule), { train: makeLoader() });
    const { lr, loss, smoothed } = trainer.lrFinder?.results ?? {};
    expect(noting.tables).toEqual([["lr_find", { lr, loss, smoothed }]]);
    const [[name, png, step] = []] = noting.images;
    expect([name, step]).toEqual(["lr_find/figure", 0]);
    expect(String.fromCharCode(...(png?.subarray(1, 4) ?? []))).toBe("PNG");
    expect(noting.calls.slice(0, 3)).toEqual(["table", "image", "hyperparameters"]);
    // A logger without these methods gets nothing.
    expect(history.rows.flatMap(({ metrics }) => Object.keys(metrics))).toEqual(["train_loss"]);
  });

  test("comes from the callback at each milestone, with the epoch in its name", async () => {
    const noting = new Noting();
    const search = new LrFinderCallback({ milestones: [0, 1], numTraining: 20 });
    await new Trainer({ ...quiet, maxEpochs: 2, logger: noting, callbacks: [search] }).fit(
      makeTiny(TinyModule),
      {
        train: makeLoader(),
      },
    );
    expect(noting.tables.map(([name]) => name)).toEqual(["lr_find/epoch_0", "lr_find/epoch_1"]);
    expect(noting.images.map(([name, , step]) => [name, step > 0])).toEqual([
      ["lr_find/epoch_0/figure", false],
      ["lr_find/epoch_1/figure", true],
    ]);
  });

  test("is refused by a value that is not a logger", async () => {
    const finder = await new Trainer(quiet).findLr(makeTiny(TinyModule), { train: makeLoader() });
    const odd: unknown = {};
    await expect(finder.log([new HistoryLogger(), odd as Logger])).rejects.toThrow(
      "A search can only be logged to loggers. Received: {  }. Pass a logger",
    );
  });

  test("comes only from finder.log after a manual search, with held-out losses and the band", async () => {
    const noting = new Noting();
    const trainer = new Trainer({ ...quiet, logger: noting });
    const data = { train: makeLoader(), val: makeLoader() };
    const finder = await trainer.findLr(makeTiny(TinyModule), data, {
      val: true,
      repeats: 2,
      numTraining: 10,
    });
    expect(noting.calls).toEqual([]);
    await finder.log(noting, { name: "held out", step: 7 });
    expect(Object.keys(noting.tables[0]?.[1] ?? {})).toEqual([
      ...["lr", "loss", "smoothed", "val_loss", "val_smoothed", "low", "high"],
    ]);
    expect(noting.images.map(([name, , step]) => [name, step])).toEqual([["held out/figure", 7]]);
  });
});
