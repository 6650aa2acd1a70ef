import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { MlflowLogger, type MlflowLoggerOptions } from "@fulmine/core";
import { artifactPath, mlflowName, mlflowValue, tableCsv } from "../../../src/loggers/mlflow/mlflowNames.js";
import { ParamChanges } from "../../../src/loggers/mlflow/paramChanges.js";

// What needs a server is in test/mlflow, with a real one.

describe("options", () => {
  const trackingUri = "http://127.0.0.1:5000";

  test.each<[what: string, options: object, message: string]>([
    ["no address", {}, "`trackingUri` of `MlflowLogger` must be the http or https address"],
    ["an address that is none", { trackingUri: "databricks" }, "`trackingUri`"],
    ["an address with a password", { trackingUri: "http://me:secret@host" }, "a password in `headers`"],
    ["tags that are no texts", { trackingUri, tags: { a: 1 } }, "`tags` of `MlflowLogger`"],
    [
      "checkpoints by another word",
      { trackingUri, logModel: "best" },
      '`logModel` of `MlflowLogger` must be true, false or "all"',
    ],
    [
      "a header that can't be sent",
      { trackingUri, headers: { "a b": "c" } },
      "`headers` of `MlflowLogger` can't be sent",
    ],
    ["no time to answer", { trackingUri, timeout: 0 }, "`timeout` of `MlflowLogger`"],
    ["an unknown option", { trackingUri, experiment: "x" }, "`MlflowLogger` has no option `experiment`"],
  ])("%s is refused", (_what, options, message) => {
    expect(() => new MlflowLogger(options as MlflowLoggerOptions)).toThrow(message);
  });

  test("a step that MLflow can't count is refused", async () => {
    await expect(new MlflowLogger({ trackingUri }).logMetrics({ loss: 1 }, 0.5)).rejects.toThrow(
      "MLflow counts steps in integers. Received: 0.5.",
    );
  });
});

describe("names and values", () => {
  test("contain only what MLflow takes", () => {
    const names = ["val_loss", "lr-adam/pg1", "größe/ß 雷", "a:b", "/a//../b/", "..", "x".repeat(300)];
    expect(names.map(mlflowName)).toEqual([
      ...["val_loss", "lr-adam/pg1", "größe/ß 雷", "a_b", "a/b", "_", "x".repeat(250)],
    ]);
    expect([0.1, true, "y".repeat(6000)].map((value) => mlflowValue(value).length)).toEqual([3, 4, 5000]);
  });

  test("tell the artifacts of several steps apart", () => {
    expect(artifactPath("lr_find/figure", 0, "png")).toBe("lr_find/figure.png");
    expect(artifactPath("sample", 50, "txt")).toBe("sample_step_50.txt");
  });

  test("of a table are CSV", () => {
    expect(tableCsv({ lr: [1, 2], 'a "b", c': [NaN] })).toBe('lr,"a ""b"", c"\n1,NaN\n2,\n');
  });
});

describe("parameters", () => {
  test("go to a tag from their second value on", () => {
    const changes = new ParamChanges({ params: new Map([["lr", "0.1"]]), tags: new Map() });
    const record = (value: string) => changes.record({ key: "lr", value });
    expect(record("0.1")).toBeNull();
    expect(record("0.2")).toEqual({ kind: "tags", entry: { key: "changed.lr", value: "0.1 → 0.2" } });
    expect(record("0.2")).toBeNull();
    expect(record("0.1")).toEqual({ kind: "tags", entry: { key: "changed.lr", value: "0.1 → 0.2 → 0.1" } });
  });
});

describe("a server that is down", () => {
  test("stops nothing: one warning says so, and one counts what was not sent", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo;
    closed.close();
    const warnings: string[] = [];
    const trackingUri = `http://127.0.0.1:${port}`;
    const mlflow = new MlflowLogger({ trackingUri, warn: (text) => warnings.push(text) });
    await mlflow.logHyperparams({ lr: 0.1 });
    for (let step = 0; step < 3; step++) await mlflow.logMetrics({ loss: step, acc: step }, step);
    await mlflow.logText("note", "text", 0);
    await mlflow.finalize("finished");
    const why = `connect ECONNREFUSED 127.0.0.1:${port}.`;
    expect(warnings).toEqual([
      `MLflow at ${trackingUri} can't be reached, but training goes on; what is logged waits until it can: ${why}`,
      `MLflow at ${trackingUri} has not got 6 metric values, 1 parameter, 1 artifact, the status FINISHED of this run: ${why} A CsvLogger beside it keeps a copy on disk.`,
    ]);
    expect([mlflow.runId, mlflow.url]).toEqual([null, null]);
  });

  test.each([408, 429])("may be busy at first, with status %s, which is no refusal", async (status) => {
    const answering = createHttpServer((_request, response) => {
      response.writeHead(status).end("{}");
    }).listen(0, "127.0.0.1");
    await once(answering, "listening");
    const warnings: string[] = [];
    const { port } = answering.address() as AddressInfo;
    const trackingUri = `http://127.0.0.1:${port}`;
    await new MlflowLogger({ trackingUri, warn: (text) => warnings.push(text) }).logMetrics({ loss: 1 }, 0);
    answering.close();
    expect(warnings).toEqual([
      expect.stringContaining("training goes on; what is logged waits until it can"),
    ]);
  });

  test("is not called if nothing was logged", async () => {
    const warnings: string[] = [];
    await new MlflowLogger({
      trackingUri: "http://127.0.0.1:9",
      warn: (text) => warnings.push(text),
    }).finalize("finished");
    expect(warnings).toEqual([]);
  });
});
