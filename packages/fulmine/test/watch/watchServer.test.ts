import { request } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startWatchServer, type WatchServer } from "../../src/watch/watchServer.js";
import { dir, write } from "../support/runFolder.js";

let server: WatchServer;
beforeEach(async () => {
  write("version_0/metrics.csv", "step,loss\n1,0.5\n");
  server = await startWatchServer(dir, 0);
});
afterEach(() => server.close());

/** A request whose path is sent as it is, which `fetch` would tidy. */
async function ask(path: string, options: { host?: string; method?: string } = {}) {
  const { hostname, port } = new URL(server.address);
  const headers = { host: options.host ?? `${hostname}:${port}` };
  return new Promise<{ status: number; text: string; policy: unknown }>((resolve, reject) => {
    const sent = request({ hostname, port, path, method: options.method ?? "GET", headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, text, policy: answer.headers["content-security-policy"] }),
      );
    });
    sent.on("error", reject).end();
  });
}

describe("the server of the page", () => {
  test("answers with the page, all its parts, and the runs", async () => {
    const page = await ask("/");
    expect(page).toMatchObject({
      status: 200,
      text: expect.stringContaining("<title>fulmine watch</title>") as unknown,
    });
    expect(page.policy).toContain("default-src 'none'; connect-src 'self'");
    const parts = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? "");
    expect(parts).toEqual(["/uPlot.css", "/page.css", "/page/main.js"]);
    for (const path of [...parts, "/uPlot.js", "/page/lineChart.js"])
      expect((await ask(path)).status).toBe(200);
    expect(page.text).not.toMatch(/https?:/);

    const { runs } = JSON.parse((await ask("/api/runs")).text) as { runs: unknown };
    expect(runs).toMatchObject([{ id: "version_0" }]);
    const run: unknown = JSON.parse((await ask("/api/run?id=version_0")).text);
    expect(run).toMatchObject({ series: { loss: { steps: [1], values: [0.5] } } });
  });

  test.each(["example.com", "127.0.0.1:1", "evil.localhost:80", "127.0.0.1.example.com"])(
    "does not answer a page that reaches it as %s",
    async (host) => {
      expect(await ask("/api/runs", { host })).toMatchObject({ status: 403 });
    },
  );

  test("is reached as localhost too, but on no other interface than loopback", async () => {
    const { port } = new URL(server.address);
    expect((await ask("/api/runs", { host: `localhost:${port}` })).status).toBe(200);
    // All of 127.0.0.0/8 reaches a server that listens everywhere.
    const reason = await new Promise((resolve) => {
      connect(Number(port), "127.0.0.2").on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    expect(reason).toBe("ECONNREFUSED");
  });

  test.each([
    "/../../etc/passwd",
    "/page/../../../package.json",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/page/%2e%2e%2fmain.js",
    "/api/run?id=../..",
    "/api/run?id=%2Fetc",
    "/api/run",
    "//",
    "http://example.com/",
    "/version_0/metrics.csv",
  ])("has nothing at %s", async (path) => {
    expect((await ask(path)).status).toBe(404);
  });

  test("changes nothing", async () => {
    for (const method of ["POST", "PUT", "DELETE"]) expect((await ask("/", { method })).status).toBe(405);
    expect(await ask("/", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
  });
});
