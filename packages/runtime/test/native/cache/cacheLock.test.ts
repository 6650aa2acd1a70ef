import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { processPlace } from "@fulmine/core/node";
import { processStart, startInList, tryLock, waitForLock } from "../../../src/native/cache/cacheLock.js";
import { findExecutable } from "../../../src/native/host/findExecutable.js";
import { temporaryCache } from "../../support/temporaryCache.js";

let cache: ReturnType<typeof temporaryCache>;
beforeEach(() => (cache = temporaryCache()));
afterEach(() => cache.remove());

/** Writes a lock as another process would. */
function leaveLock(owner: { pid: number; start: string; host?: string }): string {
  const folder = join(cache.folder, "locks");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "build.lock");
  writeFileSync(path, JSON.stringify({ token: "theirs", host: processPlace(), ...owner }));
  return path;
}

it("a lock has one holder at a time and is free after its release", () => {
  const lock = tryLock("build");
  expect(lock).not.toBeNull();
  expect(tryLock("build")).toBeNull();
  expect(tryLock("another")).not.toBeNull();
  lock?.release();
  expect(tryLock("build")).not.toBeNull();
});

it.runIf(process.platform === "linux")(
  "the lock of a dead process is taken over, and nothing is left of it",
  async () => {
    const child = spawn("sleep", ["60"]);
    const pid = child.pid ?? 0;
    const path = leaveLock({ pid, start: processStart(pid) ?? "" });
    expect(tryLock("build")).toBeNull();
    child.kill("SIGKILL");
    await once(child, "close");
    const lock = tryLock("build");
    expect(lock).not.toBeNull();
    expect(readFileSync(path, "utf8")).not.toContain("theirs");
    lock?.release();
    expect(readdirSync(join(cache.folder, "locks"))).toEqual([]);
  },
);

it.runIf(process.platform === "linux")("a reused process id does not keep a dead owner alive", () => {
  leaveLock({ pid: process.pid, start: "1" });
  expect(tryLock("build")).not.toBeNull();
});

it.skipIf(findExecutable("ps") === null)(
  "the list of processes tells when one started, as long as it runs",
  async () => {
    const child = spawn("sleep", ["60"]);
    const pid = child.pid ?? 0;
    const start = startInList(pid);
    expect(start).not.toBeNull();
    expect(startInList(pid)).toBe(start);
    child.kill("SIGKILL");
    await once(child, "close");
    expect(startInList(pid)).toBeNull();
  },
);

it("a lock from another machine is respected while it is fresh", () => {
  const path = leaveLock({ pid: 1, start: "1", host: "another-machine" });
  expect(tryLock("build")).toBeNull();
  expect(existsSync(path)).toBe(true);
});

const container = ["--pid", "--fork", "--kill-child", "--mount-proc"];
const hasContainers = spawnSync("unshare", [...container, "true"]).status === 0;

it.runIf(hasContainers)(
  "a lock from another container of this machine is respected while it is fresh",
  async () => {
    const holder = join(import.meta.dirname, "../../support", "lockHolder.ts");
    const node = [process.execPath, "--import", "tsx", "--conditions=@fulmine/source", holder];
    const child = spawn("unshare", [...container, ...node], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [said] = (await once(child.stdout, "data")) as [Buffer];
      expect(said.toString()).toBe("HELD\n");
      // Here its process id belongs to another process or to none.
      expect(tryLock("build")).toBeNull();
    } finally {
      child.kill("SIGKILL");
    }
  },
);

it("waiting ends when the lock is released", async () => {
  const lock = tryLock("build");
  const waiting = waitForLock("build");
  lock?.release();
  (await waiting).release();
});

it("waiting ends with ABORTED when its signal is aborted", async () => {
  tryLock("build");
  await expect(waitForLock("build", AbortSignal.abort())).rejects.toMatchObject({ code: "ABORTED" });
});
