import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onSuddenEnd, processPlace } from "@fulmine/core/node";
import { throwIfAborted } from "../host/runProcess.js";
import { lockFolder } from "./cacheFolder.js";

/** The process that holds a lock. */
interface Owner {
  readonly token: string;
  /** The machine and container in which its process id is valid. */
  readonly host: string;
  readonly pid: number;
  readonly start: string;
}

/** A lock; it is held until it is released or its process ends. */
export interface CacheLock {
  release(): void;
}

const HEARTBEAT_SECONDS = 10;
// On a shared home folder the owner may run on another machine or in another container. Its process id can't be checked
// there, so its heartbeat decides whether it is alive.
const DEAD_SECONDS = 120;
// A takeover takes microseconds, so a process that takes longer has died during it.
const TAKEOVER_SECONDS = 10;

/** Acquires a lock if it is free or its owner is dead; returns `null` when another process holds it. */
export function tryLock(name: string): CacheLock | null {
  const path = lockPath(name);
  mkdirSync(lockFolder(), { recursive: true });
  const owner: Owner = {
    token: randomUUID(),
    host: processPlace(),
    pid: process.pid,
    start: processStart(process.pid) ?? "",
  };
  const draft = `${path}.${owner.token}`;
  // The file is written first and then linked to its name, so that no process reads an incomplete lock.
  writeFileSync(draft, JSON.stringify(owner));
  try {
    for (let round = 0; round < 3; round++) {
      if (tryLink(draft, path)) return hold(path, owner.token);
      const other = readOwner(path);
      if (other === null) continue;
      if (isAlive(other, path) || !removeDead(path, other.token)) return null;
    }
    return null;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Waits until a lock is free or its owner is dead, and acquires it.
 *
 * @throws FulmineError `ABORTED` when `signal` is aborted.
 */
export async function waitForLock(name: string, signal?: AbortSignal): Promise<CacheLock> {
  for (;;) {
    throwIfAborted(signal);
    const lock = tryLock(name);
    if (lock !== null) return lock;
    await sleep(200);
  }
}

function lockPath(name: string): string {
  return join(lockFolder(), `${name}.lock`);
}

function hold(path: string, token: string): CacheLock {
  const heartbeat = setInterval(() => {
    if (readOwner(path)?.token === token) utimesSync(path, new Date(), new Date());
  }, HEARTBEAT_SECONDS * 1000);
  heartbeat.unref();
  const remove = (): void => {
    if (readOwner(path)?.token === token) rmSync(path, { force: true });
  };
  const removeExitHandler = onSuddenEnd(remove);
  return {
    release: () => {
      clearInterval(heartbeat);
      remove();
      removeExitHandler();
    },
  };
}

function isAlive(owner: Owner, path: string): boolean {
  if (owner.host !== processPlace()) return age(path) < DEAD_SECONDS;
  return processStart(owner.pid) === owner.start;
}

/**
 * Removes the lock of a dead owner. Several processes may try this at once, so a process first links the lock file to a
 * claim file, which only one of them can do. A process that comes late may claim a new owner's lock; the token tells it
 * that the lock must stay.
 */
function removeDead(path: string, token: string): boolean {
  const claim = `${path}.dead-${token}`;
  if (!tryLink(path, claim)) {
    if (age(claim) > TAKEOVER_SECONDS) rmSync(claim, { force: true });
    return false;
  }
  const isDeadOwners = readOwner(claim)?.token === token;
  if (isDeadOwners) rmSync(path, { force: true });
  rmSync(claim, { force: true });
  return isDeadOwners;
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : null;
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw error;
  }
}

function age(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 0 : (Date.now() - Math.max(stat.mtimeMs, stat.ctimeMs)) / 1000;
}

function readOwner(path: string): Owner | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isOwner(value) ? value : null;
  } catch {
    return null;
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== "object" || value === null) return false;
  const { token, host, pid, start } = value as Partial<Record<keyof Owner, unknown>>;
  return (
    typeof token === "string" &&
    typeof host === "string" &&
    typeof pid === "number" &&
    typeof start === "string"
  );
}

/**
 * Gets the start time of a process on this machine, on Linux in clock ticks since boot; `null` when no such process runs. It
 * distinguishes two processes that have had the same id.
 */
export function processStart(pid: number): string | null {
  if (process.platform !== "linux") return startInList(pid);
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // The second field is the program's name in parentheses. It may contain spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [fields[0], fields[19]];
  return state === "Z" || state === "X" || start === undefined ? null : start;
}

/** Gets the start time of a process from the list of processes, for systems without `/proc`; `null` when none has the id. */
export function startInList(pid: number): string | null {
  const args = ["-o", "stat=", "-o", "lstart=", "-p", String(pid)];
  const { status, stdout } = spawnSync("ps", args, { encoding: "utf8" });
  const [, state, start] = /^\s*(\S)\S*\s+(.+)/.exec(status === 0 ? stdout : "") ?? [];
  return state === "Z" || start === undefined ? null : start.trim();
}
