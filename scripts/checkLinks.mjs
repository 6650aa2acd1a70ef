// Sees that every relative link of the Markdown files leads to a file, and to a heading where it names one.
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { markdownPages } from "./markdownPages.mjs";

const root = join(import.meta.dirname, "..");
/** What `npm run docs` makes; the site's own build checks links to it. */
const made = /^\/docs\/reference\//;

const withoutCode = (text) => text.replace(/^\s*(`{3,})[^]*?^\s*\1`*$/gm, "").replace(/`[^`\n]*`/g, "");

/** The anchors of a page's headings, as GitHub and the site make them. */
function anchorsOf(path) {
  const headings = readFileSync(path, "utf8").matchAll(/^#{1,6} (.*)$/gm);
  return Array.from(headings, ([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replace(/ /g, "-"),
  );
}

function troubleOf(page, link) {
  const [path, anchor] = link.split("#");
  if (/^[a-z]+:/.test(link) || made.test(path)) return null;
  const target =
    path === ""
      ? join(root, page)
      : path.startsWith("/")
        ? join(root, path)
        : join(root, dirname(page), path);
  if (!existsSync(target)) return "leads nowhere";
  if (anchor === undefined || statSync(target).isDirectory()) return null;
  return anchorsOf(target).includes(anchor) ? null : `has no heading #${anchor}`;
}

let links = 0;
for (const page of markdownPages()) {
  for (const [, link] of withoutCode(readFileSync(join(root, page), "utf8")).matchAll(
    /\]\(<?([^)\s>]+)>?\)/g,
  )) {
    const trouble = troubleOf(page, link);
    links += 1;
    if (trouble === null) continue;
    console.error(`${page}: ${link} ${trouble}`);
    process.exitCode = 1;
  }
}
console.log(`${links} links`);
