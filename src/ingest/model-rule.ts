import type { Database } from '../store/database.js';

/** What an event of a model is judged by: its task says the shape of the output, the bounds say which times are believed. */
export interface ModelRule {
  readonly key: string;
  readonly task: 'binary' | 'multiclass' | 'regression';
  readonly positive: string | null;
  readonly pastMs: number;
  readonly futureMs: number;
}

/** Writes the rules to where the engine's landing views read them, and marks those that are no longer there as unknown. */
export async function saveModelRules(
  database: Database,
  rules: readonly ModelRule[],
  at: Date,
): Promise<void> {
  const stored = await database.query<{ model: string }>(
    'SELECT model FROM model_rules FINAL WHERE known = 1',
  );
  const keys = new Set(rules.map((rule) => rule.key));
  const updated = at.toISOString().replace('T', ' ').replace('Z', '');
  const gone = stored.filter(({ model }) => !keys.has(model));
  await database.insert('model_rules', [
    ...rules.map(({ key, task, pastMs, futureMs }) => ({
      model: key,
      task,
      past_ms: pastMs,
      future_ms: futureMs,
      known: 1,
      updated_at: updated,
    })),
    ...gone.map(({ model }) => ({
      model,
      task: '',
      past_ms: 0,
      future_ms: 0,
      known: 0,
      updated_at: updated,
    })),
  ]);
}
