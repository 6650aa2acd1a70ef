import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeFile } from "#writeFile";

/**
 * Writes a file, prints its path, and opens it where there is a desktop.
 *
 * @param isLasting - Whether `path` is where it goes; if not, it is a name, and the folder a new one among the system's
 * temporary files.
 * @returns The whole path.
 */
export async function showFile(
  path: string,
  isLasting: boolean,
  content: string | Uint8Array,
): Promise<string> {
  const whole = isLasting ? resolve(path) : join(await mkdtemp(join(tmpdir(), "fulmine-")), path);
  await writeFile(whole, content);
  // eslint-disable-next-line no-console -- showing is what it is for
  console.log(`Learning-rate figure: ${whole}`);
  if (hasDesktop()) {
    const { default: open } = await import("open");
    // Whoever has no program for such files has the path.
    await open(whole).catch(() => undefined);
  }
  return whole;
}

/** Whether somebody sits in front of this machine. */
function hasDesktop(): boolean {
  const { CI, SSH_CONNECTION, DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = process.env;
  if ([CI, SSH_CONNECTION].some(isSet)) return false;
  const hasOne = process.platform === "win32" || process.platform === "darwin";
  return hasOne || [DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME].some(isSet);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
