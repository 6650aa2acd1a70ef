import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FulmineError } from "@fulmine/core";

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

/** The files of the page by path, and the policy that lets it load only them. */
export interface PageFiles {
  readonly files: ReadonlyMap<string, PageFile>;
  readonly policy: string;
}

const [HTML, CSS, SCRIPT] = ["text/html", "text/css", "text/javascript"].map(
  (type) => `${type}; charset=utf-8`,
);

/**
 * Loads the page that shows runs. Everything comes from this package and from uPlot, nothing from the network.
 *
 * @throws FulmineError `UNAVAILABLE` if the package was not built.
 */
export function pageFiles(): PageFiles {
  const own = fileURLToPath(new URL("../../", import.meta.url));
  const uplot = dirname(createRequire(import.meta.url).resolve("uplot"));
  const files = new Map<string, PageFile>();
  const add = (address: string, type: string | undefined, path: string): void => {
    files.set(address, { type: type ?? "", content: readFileSync(path) });
  };
  try {
    add("/", HTML, join(own, "page/index.html"));
    add("/page.css", CSS, join(own, "page/page.css"));
    add("/uPlot.css", CSS, join(uplot, "uPlot.min.css"));
    add("/uPlot.js", SCRIPT, join(uplot, "uPlot.esm.js"));
    const scripts = join(own, "dist/watch/page");
    for (const name of readdirSync(scripts))
      if (name.endsWith(".js")) add(`/page/${name}`, SCRIPT, join(scripts, name));
  } catch (cause) {
    throw new FulmineError("UNAVAILABLE", "The page is missing from this copy of fulmine.", {
      todo: "Install fulmine again; in its repository run `npm run build`.",
      cause,
    });
  }
  // The map of imports is the only script inside the page.
  const [, map = ""] =
    /<script type="importmap">([^]*?)<\/script>/.exec(String(files.get("/")?.content)) ?? [];
  const hash = createHash("sha256").update(map).digest("base64");
  return {
    files,
    policy: `default-src 'none'; connect-src 'self'; img-src data:; script-src 'self' 'sha256-${hash}'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  };
}
