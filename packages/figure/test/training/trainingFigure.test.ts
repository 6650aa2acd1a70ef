import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { FulmineError, HistoryLogger, type FitResult } from "@fulmine/core";
import { CsvLogger } from "@fulmine/core/node";
import { JUPYTER_DISPLAY, trainingFigure, type TrainingFigure, type TrainingSource } from "@fulmine/figure";
import { makeHistory, runs } from "../support/runs.js";

const folder = mkdtempSync(join(tmpdir(), "fulmine-figure-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The panels of a figure with the names and the kinds of their lines. */
const panelsOf = ({ data }: TrainingFigure): Record<string, string[]> =>
  Object.fromEntries(
    data.panels.map(({ name, series }) => [name, series.map((one) => `${one.name} ${one.kind}`)]),
  );

describe("a figure of a run", () => {
  test("has a panel for each metric, the loss first and the rates last", () => {
    const history = makeHistory(2, (epoch) => ({
      ...{ "val/acc": 1, acc: 1, f1_step: 1, f1_epoch: 1, time_step: 1, "lr-adam-momentum": 0.9 },
      ...{ val_loss: epoch, train_loss: epoch, loss: epoch },
    }));
    expect(panelsOf(trainingFigure(history))).toEqual({
      loss: ["val_loss val", "train_loss train"],
      "loss (2)": ["loss train"],
      acc: ["val/acc val", "acc train"],
      f1: ["f1_step steps", "f1_epoch train"],
      time_step: ["time_step train"],
      "lr-adam-momentum": ["lr-adam-momentum train"],
      "learning rate": ["lr-adam rate"],
    });
    expect(Object.keys(panelsOf(trainingFigure(history)))[0]).toBe("loss");
  });

  test("is the same from a HistoryLogger, and from a CsvLogger's file or its text", () => {
    const [history, csv] = [new HistoryLogger(), new CsvLogger({ dir: folder })];
    for (const logger of [history, csv]) {
      logger.logMetrics({ train_loss: 0.5 }, 10);
      logger.logMetrics({ val_loss: NaN, 'a,"b"': -1e-7 }, 10);
      logger.logMetrics({ val_loss: 0.25 }, 20);
    }
    csv.finalize();
    const path = join(csv.folder, "metrics.csv");
    const { data } = trainingFigure(history);
    expect(data.unit).toBe("step");
    expect(data.panels[0]?.series[1]).toEqual({
      name: "val_loss",
      kind: "val",
      at: [10, 20],
      values: [NaN, 0.25],
    });
    for (const source of [history.rows, path, readFileSync(path, "utf8")])
      expect(trainingFigure(source).data).toEqual(data);
  });

  test("is drawn from a result that went through JSON", () => {
    const result = { history: makeHistory(3, (epoch) => ({ loss: epoch === 2 ? NaN : epoch })) };
    const copy = JSON.parse(JSON.stringify(result)) as Pick<FitResult, "history">;
    expect(trainingFigure(copy).data).toEqual(trainingFigure(result).data);
  });

  test("of a resumed run has the values of the resumption", () => {
    const rows = [1, 2, 3, 2, 3, 4].map((step, i) => ({ step, metrics: { loss: i } }));
    expect(trainingFigure(rows).data.panels[0]?.series[0]).toMatchObject({
      at: [1, 2, 3, 4],
      values: [0, 3, 4, 5],
    });
  });

  test("has the chosen metrics only, in their order", () => {
    const figure = trainingFigure(runs["typical"] ?? "", { metrics: ["val_acc", "loss"], title: "Digits" });
    expect(Object.keys(panelsOf(figure))).toEqual(["acc", "loss"]);
    expect(figure.toSvg()).toContain(">Digits</text>");
  });

  test("is saved in each format", async () => {
    const figure = trainingFigure(runs["typical"] ?? "");
    const saved = async (name: string): Promise<Buffer> =>
      readFileSync(await figure.save(join(folder, name)));
    expect((await saved("run.svg")).toString()).toBe(figure.toSvg());
    expect((await saved("run.png")).subarray(1, 4).toString()).toBe("PNG");
    const page = (await saved("run.html")).toString();
    expect(page.match(/<tr[ >]/g)).toHaveLength(21);
    expect(page).toContain("epoch 16 · train_loss ");
    expect(page.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:/);
    await expect(figure.save(join(folder, "run.bmp"))).rejects.toThrow(".svg, .png or .html");
  });

  test("gives notebooks an image and a text", () => {
    const figure = trainingFigure(runs["typical"] ?? "");
    expect(JUPYTER_DISPLAY).toBe(Symbol.for("Jupyter.display"));
    expect(figure[JUPYTER_DISPLAY]()).toEqual({
      "image/svg+xml": figure.toSvg(),
      "text/plain": String(figure),
    });
  });
});

test.each([
  [1e308, 1],
  [1.7e308, 1e-300],
  [1, 1e-320],
])("a figure of a run draws values up to the ends of the numbers, %s and %s", (high, low) => {
  const svg = trainingFigure([low, high, low].map((loss, epoch) => ({ epoch, metrics: { loss } }))).toSvg();
  expect(svg).toContain("loss (log scale)");
  expect(svg).not.toMatch(/="[^"]*(NaN|Infinity)/);
});

describe("a figure of a run refuses", () => {
  const history = makeHistory(2, (epoch) => ({ loss: epoch }));
  const bad: [string, unknown, unknown, string][] = [
    [
      "nothing",
      undefined,
      {},
      "needs what the run has measured. Received: undefined. Pass the result of `fit`",
    ],
    ["a run without an epoch", { history: [] }, {}, "There is nothing to draw"],
    ["a row without metrics", [{ epoch: 1 }], {}, "needs its step or epoch, and its metrics"],
    ["a text as a value", [{ epoch: 1, metrics: { loss: "1" } }], {}, "`loss` of a history is not a number"],
    ["another CSV", "a,b\n1,2\n", {}, "its first column is not `step`"],
    ["a short line", "step,loss\n1,2\n2\n", {}, "Line 3 of the metrics has 1 values for 2 columns"],
    ["a word in a line", "step,loss\n1,high\n", {}, "Line 2 of the metrics has no number as `loss`"],
    [
      "a step that is no number",
      "step,loss\nNaN,1\n2,1\n",
      {},
      "Line 2 of the metrics has no number as `step`",
    ],
    ["a file that is not there", join(folder, "none.csv"), {}, "The file can't be read: ENOENT"],
    ["an unknown metric", history, { metrics: ["f1"] }, 'Received: "f1". It has: loss, learning rate'],
    ["no metric", history, { metrics: [] }, "`metrics` of `trainingFigure` must be a list of names"],
    ["a title that is a number", history, { title: 5 }, "`title` of `trainingFigure` must be a string"],
    ["a misspelt option", history, { titel: "a" }, "`trainingFigure` has no option `titel`"],
    ["null as options", history, null, "takes its options as an object"],
  ];
  test.each(bad)("%s", (_, source, options, message) => {
    const draw = (): unknown => trainingFigure(source as TrainingSource, options as object);
    expect(draw).toThrow(FulmineError);
    expect(draw).toThrow(message);
  });
});
