import { confusionOf } from '../checks/binary-metrics.js';
import { cellsOf, classCounts, type Cell, type ClassCounts } from '../checks/multiclass-metrics.js';
import type { Model } from '../domain/model.js';
import type { Outcome } from '../domain/outcome.js';
import { inOneWindow, type Span } from '../profiles/merge-minutes.js';
import type { Outcomes } from '../profiles/outcomes.js';
import { readOutcomes } from './known-outcomes.js';

/** A class among labelled rows. */
export interface ConfusedClass extends ClassCounts {
  /** Whether the model file names it; null where that names no classes. */
  readonly foreseen: boolean | null;
}

/** Which class was answered for which, of a stretch of time. */
export interface ConfusionTable {
  readonly labelled: number;
  /** The most frequent first; none of no rows. */
  readonly cells: readonly Cell[];
  /** By name. */
  readonly classes: readonly ConfusedClass[];
}

/** The confusion matrix of a model with classes over a stretch, by the labels that have come; `byRequest` as in known-outcomes.ts. */
export async function readConfusion(
  outcomes: Outcomes,
  { model, byRequest }: { readonly model: Model; readonly byRequest: boolean },
  stretch: Omit<Span, 'widthMs'>,
): Promise<ConfusionTable> {
  const { together: outcome } = await readOutcomes(
    outcomes,
    { model, segment: null, byRequest },
    inOneWindow(stretch),
  );
  return outcome ? confusionTable(model, outcome) : { cells: [], classes: [], labelled: 0 };
}

/** The same of what labels say of a stretch. */
export function confusionTable(
  model: Pick<Model, 'task' | 'positive' | 'classes'>,
  outcome: Outcome,
): ConfusionTable {
  const cells = model.task === 'binary' ? binaryCells(model, confusionOf(outcome)) : cellsOf(outcome);
  const foreseen = new Set(model.classes ?? []);
  const classes = classCounts(cells).map((one) => ({
    ...one,
    foreseen: foreseen.size === 0 ? null : foreseen.has(one.name),
  }));
  return { cells, classes, labelled: outcome.labelled };
}

/** What is not the positive class has one name where the model file gives it. */
function binaryCells(
  { positive = '', classes }: Pick<Model, 'positive' | 'classes'>,
  { tp, fp, fn, tn }: ReturnType<typeof confusionOf>,
): Cell[] {
  const others = classes?.filter((name) => name !== positive) ?? [];
  const negative = others.length === 1 ? (others[0] ?? '') : `not ${positive}`;
  return [
    { actual: positive, answered: positive, rows: tp },
    { actual: negative, answered: positive, rows: fp },
    { actual: positive, answered: negative, rows: fn },
    { actual: negative, answered: negative, rows: tn },
  ].filter(({ rows }) => rows > 0);
}
