import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MlflowLogger } from "../support/mlflowLogger.js";

interface Received {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

let server: Server;
let trackingUri: string;
let received: Received[];

/** A server that asks of each request what MLflow's REST interface asks of it, and answers as it does. */
beforeEach(async () => {
  received = [];
  const required: Readonly<Record<string, readonly string[]>> = {
    "runs/create": ["experiment_id", "start_time"],
    "runs/log-batch": ["run_id", "metrics"],
    "runs/log-parameter": ["run_id", "key", "value"],
    "runs/update": ["run_id", "status", "end_time"],
  };
  server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const path = (request.url ?? "").replace("/api/2.0/mlflow/", "");
      const fields = required[path];
      if (request.method !== "POST" || request.headers["content-type"] !== "application/json" || !fields)
        return answer(404, { error_code: "ENDPOINT_NOT_FOUND" });
      const body = JSON.parse(text) as Record<string, unknown>;
      const missing = fields.filter((name) => !(name in body));
      if (path !== "runs/create" && body["run_id"] !== "run-1") missing.push("run_id");
      if (missing.length > 0)
        return answer(400, { error_code: "INVALID_PARAMETER_VALUE", message: missing.join() });
      received.push({ path, body });
      answer(200, path === "runs/create" ? { run: { info: { run_id: "run-1" } } } : {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  trackingUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
});

describe("an MLflow logger, as an example of the interface", () => {
  test("creates a run, sends parameters and metrics, and ends it", async () => {
    const before = Date.now();
    const logger = new MlflowLogger({ trackingUri, experimentId: "7", runName: "digits" });
    await logger.logHyperparams({ lr: 0.01, rule: "adam", layers: [8, 3] });
    await logger.logMetrics({ loss: 0.5, acc: 1 }, 10);
    await logger.logMetrics({ loss: NaN }, 20);
    await logger.finalize("interrupted");

    const time: unknown = expect.toSatisfy((value: number) => value >= before && value <= Date.now());
    const run_id = "run-1";
    expect(received).toEqual([
      { path: "runs/create", body: { experiment_id: "7", run_name: "digits", start_time: time } },
      { path: "runs/log-parameter", body: { run_id, key: "lr", value: "0.01" } },
      { path: "runs/log-parameter", body: { run_id, key: "rule", value: "adam" } },
      { path: "runs/log-parameter", body: { run_id, key: "layers", value: "[8,3]" } },
      {
        path: "runs/log-batch",
        body: {
          run_id,
          metrics: [
            { key: "loss", value: 0.5, timestamp: time, step: 10 },
            { key: "acc", value: 1, timestamp: time, step: 10 },
          ],
        },
      },
      {
        path: "runs/log-batch",
        body: { run_id, metrics: [{ key: "loss", value: "NaN", timestamp: time, step: 20 }] },
      },
      { path: "runs/update", body: { run_id, status: "KILLED", end_time: time } },
    ]);
  });

  test("says what the server refused", async () => {
    const logger = new MlflowLogger({ trackingUri: `${trackingUri}/elsewhere` });
    await expect(logger.logMetrics({ loss: 1 }, 0)).rejects.toThrow("MLflow refused runs/create: 404");
  });

  test("creates no run when nothing was logged", async () => {
    await new MlflowLogger({ trackingUri }).finalize("finished");
    expect(received).toEqual([]);
  });
});
