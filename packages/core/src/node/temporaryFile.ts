/// <reference types="node" />
import { randomBytes } from "node:crypto";
import { processPlace } from "./processPlace.js";

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
