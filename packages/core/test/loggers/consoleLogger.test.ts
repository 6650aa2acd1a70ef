import { describe, expect, test } from "vitest";
import { ConsoleLogger, HistoryLogger, Trainer, type Logger, type RunStatus } from "@fulmine/core";
import { makeLoader, makeTiny, TinyModule } from "../support/tinyModule.js";

function linesOf(log: (logger: ConsoleLogger) => void): string[] {
  const lines: string[] = [];
  log(new ConsoleLogger({ info: (text) => lines.push(text) }));
  return lines;
}

describe("a console logger", () => {
  test("prints metrics with five digits, and integers in full", () => {
    const lines = linesOf((logger) => {
      logger.logMetrics({ loss: 0.123456789, lr: 1e-7, tokens: 12345678, sum: 1234567.8 }, 50);
      logger.logMetrics({ loss: NaN, gap: -Infinity }, 100);
    });
    expect(lines).toEqual([
      "step 50  loss 0.12346  lr 1e-7  tokens 12345678  sum 1234600",
      "step 100  loss NaN  gap -Infinity",
    ]);
  });

  test("prints hyperparameters by their paths", () => {
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    const hparams = {
      optim: { lr: 0.1, betas: [0.9, 0.999] },
      name: "tiny",
      none: null,
      left: undefined,
      empty: {},
      decay: NaN,
      isDeep: true,
      size: 10n,
      mask: Uint8Array.of(1, 0),
      tags: new Set(["a"]),
      activation: Math.tanh,
      made: new Date(0),
      model: new HistoryLogger(),
      loop,
    };
    expect(linesOf((logger) => logger.logHyperparams(hparams))).toEqual([
      'hyperparameters  optim.lr 0.1  optim.betas [0.9,0.999]  name tiny  none null  empty {}  decay NaN  isDeep true  size 10  mask [1,0]  tags ["a"]  activation tanh  made 1970-01-01T00:00:00.000Z  model HistoryLogger  loop.self (circular)',
    ]);
  });

  test("prints the fields of hyperparameters that are an instance of a class", () => {
    class Settings {
      [name: string]: unknown;
      lr = 0.5;
    }
    expect(linesOf((logger) => logger.logHyperparams(new Settings()))).toEqual(["hyperparameters  lr 0.5"]);
  });

  test("keeps a text of several lines on one", () => {
    expect(linesOf((logger) => logger.logText("sample", "once\n  upon a time", 3))).toEqual([
      "step 3  sample once upon a time",
    ]);
  });
});

describe("several loggers", () => {
  test("hear the same of a run, each call awaited before the next", async () => {
    const heard: string[] = [];
    const slow = (name: string): Logger => {
      const hear = async (what: string): Promise<void> => {
        heard.push(`${name} begins ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 1));
        heard.push(`${name} ends ${what}`);
      };
      return {
        logMetrics: (_metrics, step) => hear(`metrics ${step}`),
        logHyperparams: () => hear("hparams"),
        finalize: (status: RunStatus) => hear(status),
      };
    };
    const history = new HistoryLogger();
    const trainer = new Trainer({
      maxEpochs: 1,
      seed: 1,
      enableProgressBar: false,
      logger: [slow("one"), history, slow("two")],
    });
    const { status } = await trainer.fit(makeTiny(TinyModule), { train: makeLoader() });
    expect(status).toBe("finished");
    expect(history.hparams).toEqual({ lr: 0.01 });
    expect(heard).toEqual(
      ["hparams", ...history.rows.map(({ step }) => `metrics ${step}`), "finished"].flatMap((what) =>
        ["one", "two"].flatMap((name) => [`${name} begins ${what}`, `${name} ends ${what}`]),
      ),
    );
  });
});
