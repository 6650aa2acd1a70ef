import { FulmineError } from "@fulmine/core";
import type { Resvg } from "./node.js";

export type { Resvg };

const MIME_TYPES: Readonly<Record<string, string>> = { html: "text/html", svg: "image/svg+xml" };

/**
 * Offers a file as a download.
 *
 * @returns The name of the file.
 */
export function writeFile(path: string, content: string | Uint8Array): Promise<string> {
  const name = path.split("/").at(-1) ?? path;
  const url = URL.createObjectURL(new Blob([blobPart(content)]));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
  return Promise.resolve(name);
}

/**
 * Opens a file in a new tab and prints an address that also opens it. The address is valid until the page is closed.
 *
 * @param caption - What the file is, printed before the address.
 * @returns The address.
 */
export function showFile(
  caption: string,
  path: string,
  _isTemporary: boolean,
  content: string | Uint8Array,
): Promise<string> {
  const type = MIME_TYPES[path.split(".").at(-1) ?? ""] ?? "";
  const address = URL.createObjectURL(new Blob([blobPart(content)], { type: `${type};charset=utf-8` }));
  // A worker can't open tabs.
  const tab = "window" in globalThis ? window.open(address) : null;
  const advice = tab === null ? " (allow pop-ups for this page, or open this address in a new tab)" : "";
  // eslint-disable-next-line no-console -- printing the address is this function's job
  console.log(`${caption}: ${address}${advice}`);
  return Promise.resolve(address);
}

/** Throws: a page can't read files. */
export function readText(path: string): string {
  throw new FulmineError("UNAVAILABLE", "A browser can't read files.", {
    received: path,
    todo: "Pass the text of the file.",
  });
}

/** Rejects: if this file named the package, bundlers would try to resolve its native parts. */
export function loadResvg(): Promise<Resvg> {
  return Promise.reject(
    new FulmineError("UNAVAILABLE", "A browser can't render PNG figures.", {
      todo: "Save the figure as SVG or HTML.",
    }),
  );
}

function blobPart(content: string | Uint8Array): BlobPart {
  return typeof content === "string" ? content : new Uint8Array(content);
}
