import type { TextStream } from "./terminalDisplay.js";

/**
 * The output for lines and progress: standard output. In a notebook of Deno it is the console, because the kernel does not
 * show what is written to standard output.
 */
export function standardOutput(): NodeJS.WriteStream | TextStream {
  return isDenoNotebook() ? { write: (text) => consoleLine(text.replace(/\n$/, "")) } : process.stdout;
}

function consoleLine(text: string): void {
  // eslint-disable-next-line no-console -- the only output that the kernel shows
  console.log(text);
}

function isDenoNotebook(): boolean {
  try {
    const { Deno } = globalThis as { readonly Deno?: { readonly jupyter?: unknown } };
    return Deno?.jupyter !== undefined;
  } catch {
    // Outside a notebook the property throws.
    return false;
  }
}
