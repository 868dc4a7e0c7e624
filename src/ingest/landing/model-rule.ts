import { soleSpelling } from '../../domain/spelling.js';
import type { Database } from '../../store/database.js';

/** What an event of a model is judged by: its task says the shape of the output, the bounds say which times are believed. */
export interface ModelRule {
  readonly key: string;
  readonly task: 'binary' | 'multiclass' | 'regression';
  readonly positive: string | null;
  /** What labels may be, where the model file says it. */
  readonly classes?: readonly string[] | undefined;
  readonly pastMs: number;
  readonly futureMs: number;
}

/** Writes the rules to where the engine's landing views read them, and marks those that are no longer there as unknown. */
export async function saveModelRules(database: Database, rules: readonly ModelRule[]): Promise<void> {
  const stored = await database.query<{ model: string }>(
    `SELECT model FROM model_rules FINAL WHERE rule != ''`,
  );
  const keys = new Set(rules.map((rule) => rule.key));
  const gone = stored.filter(({ model }) => !keys.has(model));
  await database.insert('model_rules', [
    ...rules.map((rule) => ({
      model: rule.key,
      rule: [`${rule.task} ${rule.pastMs} ${rule.futureMs}`, ...labelsOf(rule)].join('\t'),
    })),
    ...gone.map(({ model }) => ({ model, rule: '' })),
  ]);
}

/** Before the positive class of a model that names no classes: another spelling of it is refused, and any other label taken. */
const SPELT_SO = '\u0001';

function labelsOf(rule: ModelRule): readonly string[] {
  const positive = soleSpelling(rule);
  return positive === null ? (rule.classes ?? []) : [SPELT_SO + positive];
}
