/// <reference types="node" />
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

let place: string | null = null;

/**
 * Identifies the scope of process ids: this machine since its last boot, and this container. A process of another scope can't
 * be checked.
 */
export function processPlace(): string {
  place ??= createHash("sha256")
    .update([hostname(), read("/proc/sys/kernel/random/boot_id"), readLink("/proc/self/ns/pid")].join("\n"))
    .digest("hex")
    .slice(0, 12);
  return place;
}

/** Reads a file that exists only on Linux; other systems have no such containers. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
