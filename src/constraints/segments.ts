import type { FeatureBaselines } from '../domain/baseline.js';
import { callRule } from '../domain/call-limit.js';
import type { Constraint } from '../domain/constraint.js';
import type { Model } from '../domain/model.js';
import { OUTPUT } from '../domain/profile.js';
import {
  LEAST_SEGMENT_ROWS,
  MOST_SEGMENTS,
  segmentName,
  type Counted,
  type SegmentName,
} from '../domain/segment-rule.js';
import { countText } from '../domain/wording.js';
import { NOTHING, type Mined, type MiningGround } from './mining-ground.js';
import type { RowSource } from './row-source.js';
import { segmentValue } from './segment-sql.js';

type Reader = MiningGround['database'];

interface Named {
  readonly check: 'segment_drift' | 'segment_performance';
  readonly statistic: string;
  readonly counted: Counted;
}

/** Values named in a remark. */
const NAMED = 5;

/** The values of the declared keys that have enough rows to be watched by themselves, twenty of each key at most. */
export async function mineSegments(
  {
    database,
    model,
    source,
    features,
    calls,
  }: Pick<MiningGround, 'database' | 'model' | 'source' | 'features' | 'calls'>,
  found: readonly Constraint[],
): Promise<Mined> {
  if (model.segments.length === 0) return NOTHING;
  const answered = await watchedOf(model, features, async () => leastNames(database, source));
  const watched = [...answered, ...callsOf(found, calls)];
  const rules: Constraint[] = [];
  const remarks: string[] = [];
  for (const attribute of model.segments) {
    const values = await valuesOf(database, source, attribute);
    const large = values.values.filter(({ n }) => n >= LEAST_SEGMENT_ROWS).slice(0, MOST_SEGMENTS);
    remarks.push(...remarksOf(attribute, values, large.length));
    for (const { value } of large) {
      const segment = segmentName({ attribute, value });
      for (const one of watched) rules.push(ruleOf({ attribute, value }, segment, one));
    }
  }
  return { rules, remarks };
}

function ruleOf(
  { attribute, value }: SegmentName,
  segment: string,
  { check, statistic, counted }: Named,
): Constraint {
  const labelled = counted.of === 'errors' ? ({ needsLabels: true } as const) : {};
  const named = { name: `segment:${segment}:${statistic}`, check, feature: null, segment, statistic };
  return { rule: 'segment', ...named, ...labelled, attribute, value, counted };
}

/** What is counted in every segment: answers, errors, rows that lack values, and rows. */
async function watchedOf(
  model: Model,
  features: FeatureBaselines,
  least: () => Promise<number>,
): Promise<readonly Named[]> {
  const answers = answersOf(model, features);
  const errors: Counted = { of: 'errors', task: model.task, positive: model.positive ?? '' };
  const statistic = model.task === 'regression' ? 'mean_absolute_error' : 'error_rate';
  return [
    ...(answers ? [{ check: 'segment_drift', ...answers } as const] : []),
    { check: 'segment_drift', statistic: 'incomplete_rows', counted: { of: 'incomplete', least: await least() } },
    { check: 'segment_drift', statistic: 'predictions', counted: { of: 'rows' } },
    { check: 'segment_performance', statistic, counted: errors },
  ];
} // prettier-ignore

/** Slow calls, by the limit that the reference's calls as a whole are held against, and failed ones, as far as the reference knows either. */
function callsOf(found: readonly Constraint[], calls: MiningGround['calls']): readonly Named[] {
  const own = (part: 'slow' | 'failed') => (calls?.knows[part] ? callRule(found, { part, ofTarget: false }) : undefined);
  const [slow, failed] = [own('slow'), own('failed')];
  const aboveMs = slow?.aboveMs ?? null;
  return [
    ...(slow && aboveMs !== null ? [{ check: 'segment_drift', statistic: slow.statistic, counted: { of: 'slow', aboveMs } } as const] : []),
    ...(failed ? [{ check: 'segment_drift', statistic: failed.statistic, counted: { of: 'failed' } } as const] : []),
  ];
} // prettier-ignore

function answersOf({ task, positive = '' }: Model, features: FeatureBaselines): Omit<Named, 'check'> | null {
  if (task === 'regression') {
    const values = features[OUTPUT.value];
    if (values?.kind !== 'numeric') return null;
    const [low, , , , high] = values.quantiles;
    return { statistic: 'mean_answer', counted: { of: 'value', low, high } };
  }
  if (task === 'binary' && features[OUTPUT.score]) return { statistic: 'mean_score', counted: { of: 'score' } };
  const labels = features[OUTPUT.label];
  const label = task === 'binary' ? positive : labels?.kind === 'categorical' ? labels.categories[0] : undefined;
  return labels && label !== undefined ? { statistic: `share:${label}`, counted: { of: 'label', label } } : null;
} // prettier-ignore

/** Names that all but a twentieth of the rows have at least. */
async function leastNames(database: Reader, { from, params }: RowSource): Promise<number> {
  const [found] = await database.query<{ least: number }>(
    `SELECT toUInt32(quantileExactLow(0.05)(length(num) + length(cat))) AS least ${from}`,
    { params, timeoutMs: 120_000 },
  );
  return found?.least ?? 0;
}

interface FoundValues {
  /** The largest, one more than are watched. */
  readonly values: readonly { readonly value: string; readonly n: number }[];
  readonly different: number;
}

async function valuesOf(
  database: Reader,
  { from, params }: RowSource,
  attribute: string,
): Promise<FoundValues> {
  const counted = `SELECT ${segmentValue(attribute)} AS name, count() AS n ${from} GROUP BY name`;
  const found = await database.query<{ value: string; n: number; different: number }>(
    `SELECT name AS value, n, count() OVER () AS different FROM (${counted}) WHERE name != ''
     ORDER BY n DESC, name LIMIT ${MOST_SEGMENTS + 1}`,
    { params, timeoutMs: 300_000 },
  );
  return { values: found, different: found[0]?.different ?? 0 };
}

function remarksOf(attribute: string, { values, different }: FoundValues, watched: number): string[] {
  if (different === 0)
    return [`segments: no row of the reference has "${attribute}", neither in its segment nor as a categorical feature`];
  if (different === watched) return [];
  const small = values.slice(watched, watched + NAMED).map(({ value }) => `"${value}"`).join(', ');
  const least = `${countText(LEAST_SEGMENT_ROWS)} rows of the reference`;
  if (watched >= MOST_SEGMENTS)
    return [`segments: "${attribute}" has ${countText(different)} values; the ${MOST_SEGMENTS} largest are watched. A key with fewer values says more`];
  return [`segments: ${countText(different - watched)} of ${countText(different)} values of "${attribute}" have fewer than ${least} and are not watched, such as ${small}`];
} // prettier-ignore
