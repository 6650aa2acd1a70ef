/** A measured value: a median, and half the range between the quartiles. */
export interface ResultRow {
  readonly task: string;
  readonly measure: string;
  readonly value: number;
  readonly spread: number;
}

/** Measured values as a Markdown table: a line for each measure, a column for each task. */
export function resultTable(rows: readonly ResultRow[]): string {
  const tasks = [...new Set(rows.map(({ task }) => task))];
  const measures = [...new Set(rows.map(({ measure }) => measure))];
  const cell = (task: string, measure: string): string => {
    const row = rows.find((each) => each.task === task && each.measure === measure);
    return row === undefined ? "" : withSpread(row);
  };
  const cells = [
    ["", ...tasks],
    ...measures.map((measure) => [measure, ...tasks.map((task) => cell(task, measure))]),
  ];
  const widths = tasks.map((_, column) => Math.max(...cells.map((line) => line[column + 1]?.length ?? 0)));
  const first = Math.max(...measures.map(({ length }) => length));
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, column) => text.padEnd(column === 0 ? first : (widths[column - 1] ?? 0))).join(" | ")} |`;
  const [head = [], ...body] = cells;
  const rule = `| ${[first, ...widths].map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(head), rule, ...body.map(line)].join("\n");
}

/** A row of the median and half the range between the quartiles of what was measured. */
export function resultRow(task: string, measure: string, all: readonly number[]): ResultRow {
  return { task, measure, value: median(all), spread: (quantile(all, 0.75) - quantile(all, 0.25)) / 2 };
}

/** The middle of all values. */
export function median(all: readonly number[]): number {
  return quantile(all, 0.5);
}

function quantile(all: readonly number[], share: number): number {
  return all.toSorted((a, b) => a - b)[Math.floor(share * (all.length - 1))] ?? NaN;
}

/** A value in three digits, and its spread as far as these go. */
function withSpread({ value, spread }: ResultRow): string {
  const digits = value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
  return `${digits} ± ${spread.toFixed(digits.split(".")[1]?.length ?? 0)}`;
}
