/** The longest names of metrics, parameters and tags. */
const LONGEST_NAME = 250;
/** The longest values of parameters and tags that servers of all versions since 2.8 take. */
const LONGEST_VALUE = 5000;

/**
 * The name that MLflow takes for a metric, a parameter or a tag: letters, digits, spaces and `_ - . /`, and no `..` or empty
 * part between slashes. Other characters become `_`.
 */
export function mlflowName(name: string): string {
  const parts = name
    .replaceAll(/[^\p{L}\p{N}_./ -]/gu, "_")
    .split("/")
    .filter((part) => part !== "" && part !== "." && part !== "..");
  return parts.join("/").slice(0, LONGEST_NAME) || "_";
}

/** The text of a parameter or a tag, cut where MLflow would refuse it. */
export function mlflowValue(value: string | number | boolean): string {
  const text = String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

/** The path of an artifact, e.g. `sample.txt` at step 0 and `sample_step_50.txt` at step 50. */
export function artifactPath(name: string, step: number, ending: string): string {
  return `${mlflowName(name)}${step === 0 ? "" : `_step_${step}`}.${ending}`;
}

/** The columns of a table as CSV. */
export function tableCsv(columns: Readonly<Record<string, readonly number[]>>): string {
  const lists = Object.values(columns);
  const length = Math.max(0, ...lists.map((list) => list.length));
  const header = Object.keys(columns).map((name) =>
    /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name,
  );
  const rows = Array.from({ length }, (_, row) => lists.map((list) => list[row] ?? ""));
  return [header, ...rows].map((cells) => `${cells.join(",")}\n`).join("");
}
