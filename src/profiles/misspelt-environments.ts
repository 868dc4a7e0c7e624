import { environmentNames, USUAL_ENVIRONMENT, type Model } from '../domain/model.js';
import { plainSpelling } from '../domain/spelling.js';
import { countText, someOf } from '../domain/wording.js';

/** Rows of a model in an environment, as they were sent. */
export interface EnvironmentRows {
  readonly environment: string;
  readonly rows: number;
}

/** Fewer rows may be somebody's trial. */
const LEAST_ROWS_OFF = 5;

/** Rows of a stretch by model and environment, the most first; `span` is a condition on rows. */
export function environmentsSql(span: string): string {
  return `SELECT model, environment, count() AS rows FROM predictions WHERE ${span} GROUP BY model, environment ORDER BY rows DESC, environment`;
}

/** Environments that are named where rows are of others. */
const NAMED = 4;

/** How many rows of the last day are of environments that the model file does not list, and of which, as a sentence; null where none are. Pure. */
export function otherEnvironmentsText(
  model: Pick<Model, 'environments'>,
  found: readonly EnvironmentRows[],
): string | null {
  const own = environmentNames(model);
  const others = found.filter(({ environment }) => !own.includes(environment));
  if (others.length === 0) return null;
  const named = others.map(
    ({ environment, rows }) => `${countText(rows)} of "${environment || USUAL_ENVIRONMENT}"`,
  );
  return `rows of the last day: ${someOf(named, NAMED)}: stored, and neither judged nor counted, for the model file lists ${model.environments.join(', ')}`;
}

/** That rows are of an environment of the model but for its case, or blanks, and count as none of it, as a sentence; null where few or none are. Pure. */
export function misspeltEnvironmentText(
  { environments }: Pick<Model, 'environments'>,
  found: readonly EnvironmentRows[],
): string | null {
  const meant = new Map(environments.map((name) => [plainSpelling(name), name]));
  const off = found.flatMap(({ environment, rows }) => {
    const name = environments.includes(environment) ? undefined : meant.get(plainSpelling(environment));
    return name === undefined ? [] : [{ environment, rows, name }];
  });
  const [most] = off;
  const rows = off.reduce((sum, one) => sum + one.rows, 0);
  if (!most || rows < LEAST_ROWS_OFF) return null;
  return `${countText(rows)} rows of a day are of environment "${most.environment}", which is "${most.name}" but for case or blanks: they are stored, and neither judged nor counted. Did you mean "${most.name}"? Environments are told apart by every letter: send it as the model file has it, or name it there under environments`;
}
