/** The memory that the page can still use, in bytes; `null`: a browser doesn't tell. */
export function availableMemory(): number | null {
  return null;
}
