import type { BaselineSource, Model } from '../domain/model.js';
import type { RegisteredModel } from '../registry/registry.js';
import { filledWindows } from '../windows/filled-windows.js';
import { learningSpan, learningStart } from '../windows/learning-start.js';
import type { Stages } from './stages.js';

/** The reference a model asks for, as a file or a period; null while it is not complete yet. */
export function dueSource(
  stages: Pick<Stages, 'book' | 'references'>,
  { model }: RegisteredModel,
): BaselineSource | null {
  const source = model.baseline;
  if (!source || 'file' in source) return source ?? null;
  const mark = newestMark(stages, model);
  if ('since' in source) return mark >= source.until.getTime() ? source : null;
  const first = stages.book.firstRow(model.key);
  if (first === null) return null;
  const since = stages.references.learning.of(model.key, first)?.since ?? first;
  const until = since + learningSpan({ ...model, ...source });
  return mark < until ? null : { since: new Date(since), until: new Date(until) };
}

/** Up to where the rows of a model are complete, epoch ms; -Infinity before the first. */
export function newestMark({ book }: Pick<Stages, 'book'>, model: Model): number {
  const marks = book.versions(model.key).map((version) => book.watermark(model, version));
  return marks.reduce((a, b) => Math.max(a, b), -Infinity);
}

/** Finds out where a model's learning begins: once the window of its first row is over, and again when the time seems to be up, for rows that stood alone began nothing. */
export async function findStart(
  stages: Pick<Stages, 'book' | 'database' | 'references'>,
  registered: RegisteredModel,
): Promise<void> {
  const { model } = registered;
  const first = stages.book.firstRow(model.key);
  if (!model.baseline || !('learn' in model.baseline) || first === null) return;
  const mark = newestMark(stages, model);
  const isKnown = stages.references.learning.of(model.key, first) !== null || mark < first + model.window;
  if (isKnown && !dueSource(stages, registered)) return;
  const firsts = await filledWindows(stages.database, model, { since: first, until: mark });
  const since = learningStart(firsts, { ...model, ...model.baseline }, mark) ?? mark;
  const before = firsts.filter((minute) => minute < since).length;
  stages.references.learning.note(model.key, { first, since, before });
}
