/** A length with at most one decimal. Rounding makes the text short, and the same on every machine. */
export function pixels(length: number): string {
  const rounded = Math.round(length * 10) / 10;
  return String(rounded === 0 ? 0 : rounded);
}

/** The average width of a character in a sans-serif font, relative to the font size; slightly too large. */
const LETTER = 0.57;

/** The estimated width of a text, in pixels. Only a browser could measure it. */
export function textWidth(text: string, size: number): number {
  return text.length * size * LETTER;
}

/** Breaks a text at spaces into lines of at most `width` pixels. */
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

/** A text of at most `width` pixels; what does not fit is left out in its middle, because names often differ at both ends. */
export function shortened(text: string, width: number, size: number): string {
  const most = Math.max(3, Math.floor(width / (size * LETTER)));
  if (text.length <= most) return text;
  const start = Math.ceil((most - 1) / 2);
  return `${text.slice(0, start)}…${text.slice(text.length - (most - 1 - start))}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes a text for SVG or HTML, as content or as a quoted attribute. Control characters are removed. */
export function escapeXml(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- XML 1.0 forbids these characters
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "")
      .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)
  );
}
