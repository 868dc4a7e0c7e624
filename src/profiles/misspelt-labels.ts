import { groupBy } from '../domain/group-by.js';
import type { Model } from '../domain/model.js';
import { plainSpelling, soleSpelling } from '../domain/spelling.js';
import type { Database } from '../store/database.js';
import { NEWEST } from './newest-label.js';

/** Labels that say the positive class of a model in another spelling, which counts as negative. */
export interface MisspeltLabels {
  /** The most frequent of these spellings. */
  readonly label: string;
  readonly labels: number;
  /** Labels that say it as the model file does. */
  readonly right: number;
}

interface Spelling {
  readonly model: string;
  readonly label: string;
  readonly labels: number;
}

function spellingsSql(span: string): string {
  return String.raw`
  SELECT model, said AS label, count() AS labels FROM (
    SELECT model, toString(argMax(label, ${NEWEST})) AS said FROM labels
    WHERE ${span} AND model IN {models:Array(String)}
      AND lowerUTF8(trim(BOTH ' \t\r\n' FROM label)) = transform(toString(model), {models:Array(String)}, {meant:Array(String)}, '')
      AND label != ''
    GROUP BY model, cityHash64(prediction_id)
  ) GROUP BY model, said ORDER BY labels DESC, said`;
} // prettier-ignore

/**
 * By model, labels whose text is its `positive` but for case or blanks. Only of binary models that name no `classes`: with those such a label is a dead letter. `span` is
 * a condition on rows of labels, of parameters `params`. One query for all models.
 */
export async function readMisspelt(
  database: Database,
  models: readonly Model[],
  { span, params }: { readonly span: string; readonly params: Readonly<Record<string, unknown>> },
): Promise<ReadonlyMap<string, MisspeltLabels>> {
  const positives = new Map(
    models.flatMap((model) => {
      const positive = soleSpelling(model);
      return positive === null ? [] : [[model.key, positive] as const];
    }),
  );
  if (positives.size === 0) return new Map();
  const asked = {
    ...params,
    models: [...positives.keys()],
    meant: [...positives.values()].map(plainSpelling),
  };
  const options = { params: asked, timeoutMs: 120_000 };
  const found = await database.query<Spelling>(spellingsSql(span), options);
  return misspeltOf(
    groupBy(found, ({ model }) => model),
    positives,
  );
}

function misspeltOf(
  found: ReadonlyMap<string, readonly Spelling[]>,
  positives: ReadonlyMap<string, string>,
): ReadonlyMap<string, MisspeltLabels> {
  const all = new Map<string, MisspeltLabels>();
  for (const [model, positive] of positives) {
    const own = found.get(model) ?? [];
    const other = own.filter(({ label }) => label !== positive);
    const [most] = other;
    if (!most) continue;
    const right = own.find(({ label }) => label === positive)?.labels ?? 0;
    all.set(model, { label: most.label, labels: other.reduce((sum, { labels }) => sum + labels, 0), right });
  }
  return all;
}
