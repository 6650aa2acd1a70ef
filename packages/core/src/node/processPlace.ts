/// <reference types="node" />
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

let place: string | null = null;

/**
 * Names the place where process numbers mean what they mean here: this machine since its start, and this container. A process
 * of another place can't be asked whether it lives.
 */
export function processPlace(): string {
  place ??= createHash("sha256")
    .update([hostname(), read("/proc/sys/kernel/random/boot_id"), readLink("/proc/self/ns/pid")].join("\n"))
    .digest("hex")
    .slice(0, 12);
  return place;
}

/** What only Linux tells; elsewhere there are no such containers. */
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
