import { FulmineError, runOpByOp, type PieceResult, type StepPiece, type StepRunner } from "@fulmine/core";
import type { CompiledStepReport } from "./compileReport.js";
import { isSameList } from "./isSameList.js";
import { nativeBackend } from "./nativeBackend.js";
import { PieceVariant } from "./pieceVariant.js";

/** How a {@link StepCompiler} behaves. */
export interface StepCompilerOptions {
  /** Whether a step that can't be compiled is an error; otherwise it runs op by op. */
  readonly isStrict: boolean;
  /** Told when a compiled step turns out to do something else than when it was compiled. */
  readonly warn: (text: string) => void;
}

interface KeyedVariant {
  readonly key: readonly unknown[];
  readonly shapes: readonly (readonly number[])[];
  readonly variant: PieceVariant<unknown>;
  calls: number;
}

/** A step of a module, in all the variants in which it was called. */
interface Kind {
  readonly module: object;
  readonly name: string;
  readonly variants: KeyedVariant[];
  /** Calls that were of yet other variants. */
  others: number;
  last: KeyedVariant | null;
}

/** So many variants of a step are kept. */
const MOST_VARIANTS = 8;
/** A variant is worth compiling after so many calls: a training step at once, for it comes again. */
const PATIENCE = { "training step": 0, gradients: 1, other: 3, furtherVariant: 8 };

/** Runs steps as graphs on tfjs's native backend, where they can be replayed, and op by op where they can't. */
export class StepCompiler implements StepRunner {
  readonly #options: StepCompilerOptions;
  readonly #kinds: Kind[] = [];
  #lastReports: readonly CompiledStepReport[] = [];

  constructor(options: StepCompilerOptions) {
    this.#options = options;
  }

  run<R>(piece: StepPiece<R>): Pick<PieceResult<R>, "tensors" | "notes"> {
    const kind = this.#kindOf(piece);
    const entry = this.#variantOf(kind, piece);
    if (entry === null) return runOpByOp(piece);
    entry.calls += 1;
    const isAgain = kind.last === entry;
    kind.last = entry;
    // The variant was made for pieces of this very kind.
    return (entry.variant as PieceVariant<R>).run(piece, isWorthIt(kind, entry, isAgain));
  }

  end(): void {
    if (this.#kinds.length === 0) return;
    this.#lastReports = this.explain();
    for (const { variants } of this.#kinds) for (const { variant } of variants) variant.dispose();
    this.#kinds.length = 0;
  }

  /** How each kind of step is run, in the present run or else in the last. */
  explain(): readonly CompiledStepReport[] {
    return this.#kinds.length === 0 ? this.#lastReports : this.#kinds.flatMap(reportsOf);
  }

  #kindOf({ module, name }: StepPiece<unknown>): Kind {
    let kind = this.#kinds.find((each) => each.module === module && each.name === name);
    if (kind === undefined) {
      kind = { module, name, variants: [], others: 0, last: null };
      this.#kinds.push(kind);
    }
    return kind;
  }

  #variantOf(kind: Kind, piece: StepPiece<unknown>): KeyedVariant | null {
    const key = keyOf(piece);
    const known = kind.variants.find((each) => isSameList(each.key, key));
    if (known !== undefined) return known;
    const backend = nativeBackend();
    if (backend === null) return null;
    if (kind.variants.length >= MOST_VARIANTS) {
      if (kind.others++ === 0) this.#refused(kind, MANY, false);
      return null;
    }
    const shapes = piece.inputs.map(({ shape }) => shape);
    const variant = new PieceVariant<unknown>(backend, piece.module, (reason, wasCompiled) =>
      this.#refused(kind, reason, wasCompiled),
    );
    const entry = { key, shapes, variant, calls: 0 };
    kind.variants.push(entry);
    return entry;
  }

  #refused(kind: Kind, reason: string, wasCompiled: boolean): void {
    const step = `The ${kind.name} of ${nameOf(kind.module)}`;
    if (this.#options.isStrict) {
      throw new FulmineError("NOT_COMPILED", `${step} can't be compiled: ${reason}.`, {
        todo: 'Use `compile: "auto"`, which runs such a step op by op.',
      });
    }
    if (wasCompiled) {
      this.#options.warn(
        `${step} was compiled, but ${reason}. It runs op by op from here on; steps since the last check may have missed the change. Use \`compile: false\` for it.`,
      );
    }
  }
}

const MANY = `it comes with more than ${MOST_VARIANTS} combinations of shapes and values beside its tensors`;

function isWorthIt({ name, variants }: Kind, entry: KeyedVariant, isAgain: boolean): boolean {
  const isTraining = name === "training step" || name === "gradients";
  if (isTraining && isAgain) return true;
  if (entry !== variants[0]) return entry.calls > PATIENCE.furtherVariant;
  return entry.calls > (isTraining ? PATIENCE[name] : PATIENCE.other);
}

/** What makes one variant of a piece: types, shapes and identities of its tensors, and its dependencies. */
function keyOf({ inputs, scalars, fixed }: StepPiece<unknown>): unknown[] {
  const key: unknown[] = [inputs.length, scalars.length];
  const seen = new Map<object, number>();
  for (const [index, { dataId, dtype, shape }] of inputs.entries()) {
    const first = seen.get(dataId) ?? index;
    seen.set(dataId, first);
    key.push(first, dtype, shape.length, ...shape);
  }
  key.push(...fixed);
  return key;
}

function nameOf(module: object): string {
  return module.constructor.name === "" ? "the module" : module.constructor.name;
}

function reportsOf({ module, name, variants, others }: Kind): CompiledStepReport[] {
  const step = `${nameOf(module)}: ${name}`;
  const reports = variants.map(({ shapes, variant }): CompiledStepReport => {
    const { isCompiled, refusal, ...rest } = variant.state;
    const status = isCompiled ? "compiled" : refusal === null ? "watching" : "eager";
    return { step, shapes, status, reason: refusal, ...rest };
  });
  if (others === 0) return reports;
  const rest = { operations: 0, milliseconds: 0, calls: others, replays: 0 };
  return [...reports, { step, shapes: [], status: "eager", reason: MANY, ...rest }];
}
