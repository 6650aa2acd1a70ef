import { readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { FulmineError } from "@fulmine/core";

/**
 * The class of `@resvg/resvg-js` that renders an SVG, as far as it is used here. Declarations that named the package's own
 * type would be an error where it is not installed.
 */
export type Resvg = new (
  svg: string,
  options: {
    readonly fitTo?: { readonly mode: "zoom"; readonly value: number };
    readonly font: { readonly loadSystemFonts: boolean; readonly defaultFontFamily?: string };
  },
) => {
  getBBox(): { readonly width: number } | undefined;
  render(): { asPng(): Uint8Array };
};

/**
 * Writes a file. If the write fails, no partial file is left.
 *
 * @returns The given path.
 * @throws FulmineError `UNAVAILABLE` when the file can't be written.
 */
export async function writeFile(path: string, content: string | Uint8Array): Promise<string> {
  const { nodeFiles } = await import("@fulmine/core/node");
  await nodeFiles.write(path, typeof content === "string" ? Buffer.from(content) : content);
  return path;
}

/**
 * Writes a file, prints its path, and opens the file on a machine with a desktop.
 *
 * @param caption - What the file is, printed before the path.
 * @param path - The path of the file, or only its name if `isTemporary`.
 * @param isTemporary - Whether the file goes to a new folder in the system's temporary folder.
 * @returns The absolute path.
 * @throws FulmineError `UNAVAILABLE` when the file can't be written.
 */
export async function showFile(
  caption: string,
  path: string,
  isTemporary: boolean,
  content: string | Uint8Array,
): Promise<string> {
  const absolute = isTemporary ? join(await mkdtemp(join(tmpdir(), "fulmine-")), path) : resolve(path);
  await writeFile(absolute, content);
  // eslint-disable-next-line no-console -- printing the path is this function's job
  console.log(`${caption}: ${absolute}`);
  if (hasDesktop()) {
    const { default: open } = await import("open");
    // Without a program for this file type the user still has the printed path.
    await open(absolute).catch(() => undefined);
  }
  return absolute;
}

/**
 * Reads a text file.
 *
 * @throws FulmineError `UNAVAILABLE` when the file can't be read.
 */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new FulmineError("UNAVAILABLE", `The file can't be read: ${message}.`, {
      received: path,
      todo: "Check the path: it is relative to the working directory.",
      cause,
    });
  }
}

/**
 * Loads the optional package that renders PNG images.
 *
 * @throws FulmineError `UNAVAILABLE` when the package can't be loaded.
 */
export async function loadResvg(): Promise<Resvg> {
  try {
    return (await import("@resvg/resvg-js")).Resvg;
  } catch (cause) {
    throw new FulmineError(
      "UNAVAILABLE",
      "PNG figures need the package `@resvg/resvg-js`, which could not be loaded.",
      { todo: "Run `npm install @resvg/resvg-js`, or save the figure as SVG or HTML.", cause },
    );
  }
}

/** Whether this process can open a window: not in CI and not over SSH without a display. */
function hasDesktop(): boolean {
  const { CI, SSH_CONNECTION, DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = process.env;
  if ([CI, SSH_CONNECTION].some(isSet)) return false;
  const hasWindows = process.platform === "win32" || process.platform === "darwin";
  return hasWindows || [DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME].some(isSet);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
