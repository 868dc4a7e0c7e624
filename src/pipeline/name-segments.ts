import type { Constraint } from '../domain/constraint.js';
import type { FeatureBaseline } from '../domain/baseline.js';
import { isWorse, type Incident, type Verdict } from '../domain/incident.js';
import type { Model } from '../domain/model.js';
import type { FeatureProfile } from '../domain/profile.js';
import { segmentName } from '../domain/segment-rule.js';
import type { Window } from '../domain/window.js';
import { incidentKey } from '../incidents/key.js';
import { type BinScore, segmentMeans } from '../profiles/segment-means.js';
import type { Database } from '../store/database.js';
import { callsMostlyIn, isOfCalls, type CallStretches } from './calls-mostly-in.js';
import { mostlyIn } from './mostly-in.js';

/** What the feature was in the parts of the traffic is looked up in so long before the change. */
const BEFORE = 24 * 3_600_000;
/** And what it is in as much of the change as there is, up to so long. */
const SINCE = 24 * 3_600_000;
/** What has grown so much since it was told is told anew. */
const GROWN = 1.5;

interface Profiles {
  readonly features: Readonly<Record<string, FeatureProfile>>;
}

/** What of a finding is looked at. */
interface Told {
  readonly due: {
    readonly model: Model;
    readonly window: Window;
    readonly profile: Profiles;
    readonly reference: {
      readonly baseline: {
        readonly features: Readonly<Record<string, FeatureBaseline>>;
        readonly reference: Profiles;
        readonly rules: readonly Constraint[];
      } | null;
    };
  };
  readonly verdicts: readonly Verdict[];
}

type Known = Pick<Incident, 'state' | 'severity' | 'effect'>;

interface Sources {
  readonly database: Database;
  readonly incidents: { latest(key: string): Known | undefined };
}

/**
 * The finding with the segment that the drift of a numeric feature, be it of its level, spread or form, or that slow and failed calls are mostly in, in what people are told of it. What was judged, and every digest of it,
 * is the same with and without. Reads rows where such a verdict is news, in a model with segments, else nothing.
 */
export async function nameSegments<F extends Told>({ database, incidents }: Sources, finding: F): Promise<F> {
  const { model, reference } = finding.due;
  const isNumeric = (feature: string | null) =>
    feature !== null && reference.baseline?.features[feature]?.kind === 'numeric';
  const isSomewhere = ({ statistic, signal: { check, feature } }: Verdict) =>
    check === 'service' ? isOfCalls(statistic) : check === 'feature_drift' && isNumeric(feature);
  const asks = (verdict: Verdict) =>
    verdict.outcome === 'breach' &&
    isSomewhere(verdict) &&
    isNews(verdict, incidents.latest(incidentKey(verdict.signal)));
  if (model.segments.length === 0 || !finding.verdicts.some(asks)) return finding;
  const verdicts = await Promise.all(
    finding.verdicts.map(async (verdict) => (asks(verdict) ? named(database, finding, verdict) : verdict)),
  );
  return { ...finding, verdicts };
}

/** Whether people will read the words of this verdict: it opens an incident, or is worse than what they know. */
function isNews(verdict: Verdict, known: Known | undefined): boolean {
  if (!known || known.state === 'CLOSED' || isWorse(verdict.severity, known.severity)) return true;
  return Math.abs(verdict.effect ?? 0) >= GROWN * Math.abs(known.effect ?? 0);
}

async function named(database: Database, { due }: Told, verdict: Verdict): Promise<Verdict> {
  const { model, window } = due;
  const from = verdict.restsFrom ?? window.from;
  const since = verdict.since && verdict.since < from ? verdict.since : from;
  const newest = new Date(Math.max(since.getTime(), window.to.getTime() - SINCE));
  const stretches = { from: new Date(since.getTime() - BEFORE), until: since, since: newest, to: window.to };
  const names =
    verdict.signal.check === 'service'
      ? await callsMostlyIn(database, { model, version: window.version, ...stretches }, verdict.statistic, due.reference.baseline?.rules ?? [])
      : await driftMostlyIn(database, due, verdict, stretches);
  // A check that counts by segment has said it already.
  const more = names.filter((name) => !verdict.summary.includes(name));
  return more.length === 0 ? verdict : { ...verdict, summary: `${verdict.summary}; mostly in ${more.join(', ')}` };
} // prettier-ignore

type Stretches = Pick<CallStretches, 'from' | 'until' | 'since' | 'to'>;

async function driftMostlyIn(database: Database, due: Told['due'], verdict: Verdict, stretches: Stretches): Promise<readonly string[]> {
  const { model, window } = due;
  const asked = { model, version: window.version, feature: verdict.signal.feature ?? '', ...stretches };
  const score = isOfMean(verdict) ? null : scoreOf(due, asked.feature);
  const found = await Promise.all(
    model.segments.map(async (attribute) => {
      const value = mostlyIn(await segmentMeans(database, { ...asked, attribute, score }));
      return value === null ? [] : [segmentName({ attribute, value })];
    }),
  );
  return found.flat();
} // prettier-ignore

/** Only a level shows in the mean; a spread, a tail or a form may change while it stays. */
function isOfMean({ statistic }: Verdict): boolean {
  return statistic.endsWith('location');
}

/** A bin scores what it gained since the reference, in parts of what it holds in both: rows that brought the change about score high in whatever way it is one. */
function scoreOf({ profile, reference: { baseline } }: Told['due'], feature: string): BinScore | null {
  const [known, before, now] = [baseline?.features[feature], baseline?.reference.features[feature], profile.features[feature]];
  if (known?.kind !== 'numeric' || before?.kind !== 'numeric' || now?.kind !== 'numeric') return null;
  const weights = before.bins.map((rows, bin) => {
    const [was, is] = [rows / before.n, (now.bins[bin] ?? 0) / now.n];
    return was + is > 0 ? (is - was) / (was + is) : 0;
  });
  return { edges: known.edges, weights };
} // prettier-ignore
