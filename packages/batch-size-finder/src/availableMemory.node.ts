import { freemem } from "node:os";

/** The memory that the process can still use, in bytes; a container's limit counts too. */
export function availableMemory(): number | null {
  return typeof process.availableMemory === "function" ? process.availableMemory() : freemem();
}
