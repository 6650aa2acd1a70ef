import { statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Where the repository's files can be looked at, e.g. `https://…/blob/main`; the site names them without a link otherwise. */
const repository = process.env.DOCS_REPOSITORY;

/** The path in the repository that a link leads to, when that is a file or folder and no page of the site; else `null`. */
function repositoryPath(page, href) {
  if (/^([a-z]+:|#|\/)/.test(href) || /\.md(#|$)/.test(href)) return null;
  const path = join(dirname(page), href.split("#")[0]);
  return statSync(path, { throwIfNoEntry: false }) ? relative(root, path) : null;
}

/** A markdown-it plug-in: links to files of the repository lead to the repository, for the site has none of them. */
export function repositoryLinks(markdown) {
  markdown.core.ruler.push("repository links", ({ tokens, env }) => {
    const links = tokens.flatMap(({ children }) => children ?? []);
    for (const [at, link] of links.entries()) {
      const path =
        link.type === "link_open" ? repositoryPath(env.realPath ?? env.path, link.attrGet("href")) : null;
      if (path === null) continue;
      if (repository !== undefined) link.attrSet("href", `${repository}/${path}`);
      else {
        link.tag = "span";
        link.attrs = [["title", path]];
        links.slice(at).find(({ type }) => type === "link_close").tag = "span";
      }
    }
  });
}
