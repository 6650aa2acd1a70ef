/** A number in JSON, which has no NaN and no infinities: they are `null`. */
export type JsonNumber = number | null;

/** A run in the list of the page. */
export interface RunSummary {
  /** Its path within the watched folder; `"."` for that folder itself. */
  readonly id: string;
  /** Changes whenever a file of the run does. */
  readonly stamp: string;
  /** When a file was changed last, in milliseconds since 1970. */
  readonly changedAt: number;
}

/** What the page asks for again and again. */
export interface RunList {
  /** The watched folder. */
  readonly folder: string;
  /** The server's time, in milliseconds since 1970. */
  readonly now: number;
  readonly runs: readonly RunSummary[];
  /** Says that something was left out. */
  readonly notes: readonly string[];
}

/** The values of one metric by step. */
export interface Series {
  readonly steps: readonly number[];
  readonly values: readonly JsonNumber[];
}

/** A learning-rate search. */
export interface WatchedSearch {
  /** The name of its file without the ending. */
  readonly name: string;
  /** Whether the rates are spaced evenly on a logarithmic scale. */
  readonly isLog: boolean;
  readonly lr: readonly number[];
  readonly loss: readonly JsonNumber[];
  readonly smoothed: readonly JsonNumber[];
  /** The rate that was found, and who says so; `null` if no file tells it. */
  readonly mark: { readonly lr: number; readonly label: string } | null;
}

/** A run with its values. */
export interface RunData {
  readonly id: string;
  readonly stamp: string;
  readonly series: Readonly<Record<string, Series>>;
  readonly searches: readonly WatchedSearch[];
  readonly hparams: Readonly<Record<string, string | number | boolean>>;
  /** Files that can't be read, and why. */
  readonly troubles: readonly string[];
}
