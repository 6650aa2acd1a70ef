/// <reference types="node" />
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

let place: string | null = null;

/**
 * Where process numbers mean what they mean here: this machine since its start, and this container. The first part of each
 * temporary file's name, so that nobody takes another container's live process for a dead one of its own.
 */
function processPlace(): string {
  place ??= createHash("sha256")
    .update([hostname(), read("/proc/sys/kernel/random/boot_id"), readLink("/proc/self/ns/pid")].join("\n"))
    .digest("hex")
    .slice(0, 12);
  return place;
}

/** A name beside a file under which it is written until it is whole; nobody else uses it. */
export function temporaryName(path: string, pid: number = process.pid): string {
  return `${path}.fulmine-${processPlace()}-${pid}-${randomBytes(4).toString("hex")}.tmp`;
}

/** Who was writing a temporary file: `null` for a file that is none. */
export function writerOf(name: string): { readonly isHere: boolean; readonly pid: number } | null {
  // Names of earlier versions tell no place.
  const parts = /\.fulmine-(?:([\da-f]{12})-)?(\d+)-[\da-f]+\.tmp$/.exec(name);
  return parts === null ? null : { isHere: parts[1] === processPlace(), pid: Number(parts[2]) };
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
