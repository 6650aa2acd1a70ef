/** A length with one decimal: short, and the same text on every machine. */
export function pixels(length: number): string {
  const rounded = Math.round(length * 10) / 10;
  return String(rounded === 0 ? 0 : rounded);
}
