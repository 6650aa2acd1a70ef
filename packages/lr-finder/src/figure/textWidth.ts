/** The width of an average letter of a sans-serif face, in parts of its size; a little generous. */
const LETTER = 0.57;

/** About how wide a text will be, in pixels. There is no way to measure one without a browser. */
export function textWidth(text: string, size: number): number {
  return text.length * size * LETTER;
}

/** Breaks a text between words into lines no wider than `width` pixels. */
export function wrap(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    const longer = line === undefined ? word : `${line} ${word}`;
    if (line !== undefined && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
