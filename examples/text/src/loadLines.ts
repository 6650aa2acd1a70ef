import { readdir, readFile } from "node:fs/promises";

/** A line of the docs. */
export interface Line {
  readonly text: string;
  /** 1 if the line is code, 0 if it is prose. */
  readonly isCode: 0 | 1;
}

const docs = new URL("../../../docs/", import.meta.url);

/** All different lines of this project's docs with at least three words or signs; those between fences are code. */
export async function loadLines(): Promise<Line[]> {
  const pages = (await readdir(docs)).filter((name) => name.endsWith(".md")).sort();
  const lines = new Map<string, Line>();
  for (const page of pages) {
    let isCode: 0 | 1 = 0;
    for (const raw of (await readFile(new URL(page, docs), "utf8")).split("\n")) {
      const text = raw.trim();
      if (text.startsWith("```")) isCode = isCode === 0 ? 1 : 0;
      else if (!text.startsWith("|") && text.split(/\s+/).length >= 3) lines.set(text, { text, isCode });
    }
  }
  return [...lines.values()];
}
