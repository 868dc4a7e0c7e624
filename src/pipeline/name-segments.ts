import { isWorse, type Incident, type Verdict } from '../domain/incident.js';
import type { Model } from '../domain/model.js';
import { segmentName } from '../domain/segment-rule.js';
import type { Window } from '../domain/window.js';
import { incidentKey } from '../incidents/key.js';
import { segmentMeans } from '../profiles/segment-means.js';
import type { Database } from '../store/database.js';
import { mostlyIn } from './mostly-in.js';

/** What the feature was in the parts of the traffic is looked up in so long before the change. */
const BEFORE = 24 * 3_600_000;
/** What has grown so much since it was told is told anew. */
const GROWN = 1.5;

/** What of a finding is looked at. */
interface Told {
  readonly due: {
    readonly model: Model;
    readonly window: Window;
    readonly reference: {
      readonly baseline: { readonly features: Readonly<Record<string, { readonly kind: string }>> } | null;
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
 * The finding with the segment that the drift of a numeric feature is mostly in, in what people are told of it. What was judged, and every digest of it,
 * is the same with and without. Reads rows where such a verdict is news, in a model with segments, else nothing.
 */
export async function nameSegments<F extends Told>({ database, incidents }: Sources, finding: F): Promise<F> {
  const { model, reference } = finding.due;
  const isNumeric = (feature: string | null) =>
    feature !== null && reference.baseline?.features[feature]?.kind === 'numeric';
  const asks = (verdict: Verdict) =>
    verdict.signal.check === 'feature_drift' &&
    verdict.outcome === 'breach' &&
    isNumeric(verdict.signal.feature) &&
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
  const since = verdict.since && verdict.since < window.from ? verdict.since : window.from;
  const stretches = { from: new Date(since.getTime() - BEFORE), until: since, since: window.from, to: window.to };
  const asked = { model, version: window.version, feature: verdict.signal.feature ?? '', ...stretches };
  const found = await Promise.all(
    model.segments.map(async (attribute) => {
      const value = mostlyIn(await segmentMeans(database, { ...asked, attribute }));
      return value === null ? [] : [segmentName({ attribute, value })];
    }),
  );
  const names = found.flat();
  return names.length === 0 ? verdict : { ...verdict, summary: `${verdict.summary}; mostly in ${names.join(', ')}` };
} // prettier-ignore
