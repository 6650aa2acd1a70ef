// Builds the documentation site into docs/.vitepress/dist: TypeDoc writes the reference, VitePress the pages, and every
// link within them is followed. DOCS_BASE is the folder it is served from, DOCS_REPOSITORY where its sources can be seen.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const docs = join(import.meta.dirname, "../docs");
const built = join(docs, ".vitepress/dist");
const base = process.env.DOCS_BASE ?? "/";

/** Runs one of the packages' commands, which npm has put on the PATH. */
const run = (command, ...args) =>
  spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], shell: process.platform === "win32" })
    .status === 0;

rmSync(join(docs, "reference"), { recursive: true, force: true });
if (!run("typedoc", "--logLevel", "Warn") || !run("vitepress", "build", "docs") || !checkSite())
  process.exitCode = 1;

/** Follows every link of the built pages to its page or file, and to its anchor. */
function checkSite() {
  const files = readdirSync(built, { recursive: true }).map((file) => file.replaceAll("\\", "/"));
  const pages = new Map(
    files
      .filter((file) => file.endsWith(".html"))
      .map((file) => [file, readFileSync(join(built, file), "utf8").replace(/<script[^]*?<\/script>/g, "")]),
  );
  const anchors = new Map(
    Array.from(pages, ([file, html]) => [
      file,
      new Set(Array.from(html.matchAll(/ id="([^"]*)"/g), ([, id]) => id)),
    ]),
  );
  const known = new Set(files);
  let links = 0;
  const dead = [];
  for (const [page, html] of pages) {
    for (const [, link] of html.matchAll(/ (?:href|src)="([^"]*)"/g)) {
      const url = new URL(link.replaceAll("&amp;", "&"), `https://site${base}${page}`);
      if (url.host !== "site") continue;
      links += 1;
      const path = decodeURIComponent(url.pathname)
        .slice(base.length)
        .replace(/(^|\/)$/, "$1index.html");
      const anchor = decodeURIComponent(url.hash.slice(1));
      const isThere = url.pathname.startsWith(base) && known.has(path);
      if (!isThere || (anchor !== "" && anchors.get(path)?.has(anchor) !== true))
        dead.push(`${page}: ${link}`);
    }
  }
  for (const line of new Set(dead)) console.error(`Dead link in ${line}`);
  console.log(`${pages.size} pages, ${links} links, ${dead.length} of them dead`);
  return dead.length === 0;
}
