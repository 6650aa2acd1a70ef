import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onSuddenEnd, processPlace } from "@fulmine/core/node";
import { lockFolder } from "./cacheFolder.js";
import { processStart } from "./processStart.js";
import { throwIfAborted } from "./runProcess.js";

/** Who holds a lock. */
interface Owner {
  readonly token: string;
  /** Where its process number means something: its machine and its container. */
  readonly host: string;
  readonly pid: number;
  readonly start: string;
}

/** A lock that is held until it is released or its process ends. */
export interface CacheLock {
  release(): void;
}

const BEAT_SECONDS = 10;
// An owner on another machine or in another container (a shared home folder) can't be looked up, only be missed.
const SILENT_SECONDS = 120;
// Between two calls that take microseconds; whoever needs longer has died there.
const TAKEOVER_SECONDS = 10;

/** Takes a lock if it is free or its owner is dead; `null` when another process holds it. */
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
  // Written whole and then linked into place: nobody ever reads half a lock.
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

/** Waits until a lock is free or its owner dead, and takes it. */
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
  const beat = setInterval(() => {
    if (readOwner(path)?.token === token) utimesSync(path, new Date(), new Date());
  }, BEAT_SECONDS * 1000);
  beat.unref();
  const remove = (): void => {
    if (readOwner(path)?.token === token) rmSync(path, { force: true });
  };
  const forget = onSuddenEnd(remove);
  return {
    release: () => {
      clearInterval(beat);
      remove();
      forget();
    },
  };
}

function isAlive(owner: Owner, path: string): boolean {
  if (owner.host !== processPlace()) return age(path) < SILENT_SECONDS;
  return processStart(owner.pid) === owner.start;
}

/**
 * Removes a dead owner's lock. Several processes may try at once: only the one that links it to its grave may
 * remove it, and one that comes late finds a living lock in the grave and leaves it where it was.
 */
function removeDead(path: string, token: string): boolean {
  const grave = `${path}.dead-${token}`;
  if (!tryLink(path, grave)) {
    if (age(grave) > TAKEOVER_SECONDS) rmSync(grave, { force: true });
    return false;
  }
  const isTheDeadOne = readOwner(grave)?.token === token;
  if (isTheDeadOne) rmSync(path, { force: true });
  rmSync(grave, { force: true });
  return isTheDeadOne;
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
