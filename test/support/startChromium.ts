import { chromium, type Browser } from "playwright-core";
import { findOnPath } from "../../scripts/findOnPath.mjs";

/** What gives Chromium a GPU that it emulates. */
export const EMULATED_GPU: readonly string[] = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
];

/** Starts the machine's own Chromium without a window; `null` where there is none. */
export async function startChromium(flags: readonly string[] = []): Promise<Browser | null> {
  const found = process.env["CHROME_BIN"] ?? findOnPath("chromium", "chromium-browser", "google-chrome");
  if (found !== null) return chromium.launch({ executablePath: found, args: ["--no-sandbox", ...flags] });
  if (process.env["FULMINE_REQUIRE_CHROMIUM"] === "1")
    throw new Error("There is no Chromium on this machine.");
  return null;
}
