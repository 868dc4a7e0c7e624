import type { Baseline, FeatureBaseline } from '../domain/baseline.js';
import type { CheckName } from '../domain/check-result.js';
import { expectationRules } from '../domain/expectation.js';
import type { FeatureProfile } from '../domain/profile.js';
import { segmentName } from '../domain/segment-rule.js';
import { withoutDay } from '../domain/statistic-text.js';
import { numberText, percentText } from '../domain/wording.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { readBrokenRows } from '../profiles/broken-rows.js';
import { readCallRows, type AskedCalls } from '../profiles/call-rows.js';
import { readExampleRows, type ExampleRow, type Special } from '../profiles/example-rows.js';
import { inOneWindow } from '../profiles/merge-minutes.js';
import { watchedSegments } from '../profiles/outcomes.js';
import { readWrongRows, type AskedAnswers } from '../profiles/wrong-rows.js';
import { heldAgainst } from '../registry/registry.js';
import { ruleOfCalls } from './calls-mostly-in.js';
import { TOLD_BY_LABELS } from './judged-metrics.js';
import type { Stages } from './stages.js';

/** A feature in the reference and in the newest windows that show an incident. */
export interface BeforeAndAfter {
  readonly baseline: FeatureBaseline;
  readonly reference: FeatureProfile;
  readonly current: FeatureProfile;
  readonly from: Date;
  readonly to: Date;
}

/** What the rows show: how a feature is distributed before and since, and rows that show it, newest first. */
export interface IncidentEvidence {
  readonly compared: BeforeAndAfter | null;
  /** What is special about the rows, in words; null where no single row shows it. */
  readonly examples: { readonly what: string; readonly rows: readonly ExampleRow[] } | null;
}

const EXAMPLES = 10;
/** Rows and distributions are of the newest windows that show it: more would hide what it is now, and cost as much as the history. */
const WINDOWS = 24;
const MINUTE = 60_000;

const NOTHING: IncidentEvidence = { compared: null, examples: null };

type Sources = Pick<Stages, 'database' | 'registry' | 'references' | 'profiles'>;

/** What the rows show of an incident; nothing of a model that is gone, and what people expect alone where it has no reference. */
export async function readEvidence(
  { database, registry, references, profiles }: Sources,
  incident: IncidentRecord,
): Promise<IncidentEvidence> {
  const { signal, course } = incident;
  const registered = registry.find(signal.model);
  if (!registered) return NOTHING;
  const { model } = registered;
  const earliest = Math.max(course.onset.getTime(), course.lastAt.getTime() - WINDOWS * model.window);
  const from = new Date(Math.floor(earliest / MINUTE) * MINUTE);
  const span = { version: signal.version, from, to: course.lastAt };
  const broken = expectationRules(model.expectations).find(({ statistic }) => statistic === incident.statistic);
  if (signal.check === 'expectation' && broken) {
    const found = await readBrokenRows(database, model, broken, span, EXAMPLES);
    return { compared: null, examples: { what: `rows that break ${broken.statistic}`, rows: found.map(asExample) } };
  }
  // What people expect of rows holds without a reference.
  const baseline = await references.usableOf(heldAgainst(registered, signal.version));
  if (!baseline) return NOTHING;
  const calls = callsOf(incident, baseline);
  if (calls) {
    const rows = await readCallRows(database, model, { ...span, ...calls, most: EXAMPLES });
    return { compared: null, examples: { what: calls.aboveMs === null ? 'calls that failed' : `calls that took longer than ${numberText(calls.aboveMs)} ms`, rows } };
  }
  const answers = answersOf(signal, baseline);
  if (answers) {
    const rows = await readWrongRows(database, model, { ...span, ...answers, most: EXAMPLES });
    const what = model.task === 'regression' ? 'answers that were furthest from the truth' : 'answers that were wrong';
    return { compared: null, examples: { what, rows } };
  }
  const feature = signal.feature ?? '';
  const [known, reference] = [baseline.features[feature], baseline.reference.features[feature]];
  if (!known || !reference) return NOTHING;
  const merged = await profiles.windows(model.key, baseline.id, inOneWindow(span));
  const current = [...merged.values()][0]?.features[feature];
  if (!current) return NOTHING;
  const compared = { baseline: known, reference, current, from, to: course.lastAt };
  const special = specialOf(signal.check, compared);
  if (special === null) return { compared, examples: null };
  const rows = await readExampleRows(database, { model, ...span, feature, baseline: known, special, most: EXAMPLES });
  return { compared, examples: { what: specialText(special, compared), rows } };
} // prettier-ignore

/** Which calls show an incident of the service, or of the slow calls of a segment; null where it is about something else. */
export function callsOf(
  { signal, statistic }: Pick<IncidentRecord, 'signal' | 'statistic'>,
  { rules }: Pick<Baseline, 'rules'>,
): Pick<AskedCalls, 'aboveMs' | 'segment'> | null {
  const name = withoutDay(statistic);
  if (signal.check === 'service') {
    const rule = ruleOfCalls(name, rules);
    return rule ? { aboveMs: rule.aboveMs, segment: null } : null;
  }
  const own = rules
    .filter((one) => one.rule === 'segment')
    .find((one) => one.segment === signal.segment && one.statistic === name);
  if (own?.counted.of === 'failed') return { aboveMs: null, segment: own };
  return own?.counted.of === 'slow' ? { aboveMs: own.counted.aboveMs, segment: own } : null;
}

/** Whose answers show an incident that labels tell; null where it is about something else. */
export function answersOf(
  { check, segment }: Pick<IncidentRecord['signal'], 'check' | 'segment'>,
  baseline: Baseline,
): Pick<AskedAnswers, 'segment'> | null {
  if (!TOLD_BY_LABELS.has(check)) return null;
  if (!segment) return { segment: null };
  const own = watchedSegments(baseline).find((one) => segmentName(one) === segment);
  return own ? { segment: own } : null;
}

function asExample({
  predictionId,
  at,
  values,
}: Awaited<ReturnType<typeof readBrokenRows>>[number]): ExampleRow {
  const value = Object.entries(values).map(([name, one]) => `${name}: ${one ?? 'absent'}`);
  return { predictionId, at, value: value.join(', ') };
}

/** What single rows show of a finding of a check; null where only all of them together do. */
export function specialOf(check: CheckName, compared: Omit<BeforeAndAfter, 'from' | 'to'>): Special | null {
  const { reference } = compared;
  switch (check) {
    case 'null_rate':
      return { kind: 'absent' };
    case 'type_mismatch':
      return { kind: 'mistyped' };
    case 'new_category':
      return { kind: 'unseen' };
    case 'out_of_range':
      return reference.kind === 'numeric' && reference.n > 0
        ? { kind: 'outside', min: reference.min, max: reference.max }
        : null;
    case 'feature_drift':
    case 'output_drift':
      return mostGained(compared);
    default:
      return null;
  }
}

/** The values that have gained the largest share. */
function mostGained({ baseline, reference, current }: Omit<BeforeAndAfter, 'from' | 'to'>): Special | null {
  if (baseline.kind === 'numeric' && reference.kind === 'numeric' && current.kind === 'numeric') {
    const place = largestGain(reference.bins, current.bins);
    if (place === null) return null;
    const [above = null, upTo = null] = [baseline.edges[place - 1], baseline.edges[place]];
    return { kind: 'between', above, upTo };
  }
  if (baseline.kind !== 'categorical' || reference.kind !== 'categorical' || current.kind !== 'categorical')
    return null;
  const place = largestGain([...reference.counts, reference.fresh], [...current.counts, current.fresh]);
  if (place === null) return null;
  const value = baseline.categories[place];
  return value === undefined ? { kind: 'unseen' } : { kind: 'category', value };
}

function largestGain(before: readonly number[], now: readonly number[]): number | null {
  const [were, are] = [sharesOf(before), sharesOf(now)];
  const gains = are.map((share, i) => share - (were[i] ?? 0));
  const most = Math.max(...gains);
  return most > 0 ? gains.indexOf(most) : null;
}

function sharesOf(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total > 0 ? count / total : 0));
}

function specialText(special: Special, { reference, current }: BeforeAndAfter): string {
  switch (special.kind) {
    case 'absent':
      return 'rows without a value';
    case 'mistyped':
      return 'rows with a value of another type';
    case 'unseen':
      return 'rows with a value that the reference never had';
    case 'outside':
      return `rows outside ${numberText(special.min)} to ${numberText(special.max)}, all that the reference had`;
    case 'between':
    case 'category':
      return `rows with ${rangeText(special)}, the values that have become most frequent (${gainText(reference, current)})`;
  }
}

function rangeText(special: Extract<Special, { kind: 'between' | 'category' }>): string {
  if (special.kind === 'category') return `"${special.value}"`;
  const { above, upTo } = special;
  if (above === null) return `at most ${numberText(upTo)}`;
  return upTo === null ? `more than ${numberText(above)}` : `${numberText(above)} to ${numberText(upTo)}`;
}

function gainText(reference: FeatureProfile, current: FeatureProfile): string {
  const counts = (one: FeatureProfile) => (one.kind === 'numeric' ? one.bins : [...one.counts, one.fresh]);
  const place = largestGain(counts(reference), counts(current)) ?? 0;
  const share = (one: FeatureProfile) => percentText(sharesOf(counts(one))[place] ?? 0);
  return `${share(reference)} → ${share(current)}`;
}
