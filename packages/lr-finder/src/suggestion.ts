/** Why a rule found no learning rate. */
export type NoSuggestionReason = "flat" | "diverged-at-once" | "too-few-points" | "not-finite";

/** A rule's pick on a curve. */
export interface FoundSuggestion {
  /** The name of the rule that made it. */
  readonly rule: string;
  /** The suggested learning rate. */
  readonly lr: number;
  /** The rung nearest to `lr`. */
  readonly index: number;
  /** The range within which the rule holds a rate to be usable, `[low, high]`. */
  readonly range: readonly [low: number, high: number];
  /** What `auto` read it from; left out where that was the curve. */
  readonly basis?: "trials";
}

/** A rule's word that the curve shows no usable rate. */
export interface NoSuggestion {
  /** The name of the rule. */
  readonly rule: string;
  readonly lr: null;
  readonly index: null;
  readonly range: null;
  /** Why there is none. */
  readonly reason: NoSuggestionReason;
}

/** What a rule says of a curve. */
export type Suggestion = FoundSuggestion | NoSuggestion;
