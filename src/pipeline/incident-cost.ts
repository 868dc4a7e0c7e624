import type { CheckName } from '../domain/check-result.js';
import { factsOf } from '../domain/incident-facts.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { CaseMessage } from '../domain/case-message.js';
import { extraCostText, isSure, type ExtraCost } from '../domain/extra-cost.js';
import { readExtraCost } from './extra-cost.js';
import { heldAgainst } from '../registry/registry.js';
import { segmentsOf } from './segments.js';
import type { Stages } from './stages.js';

/** What the cost of an incident is read from. */
export type CostSources = Pick<Stages, 'registry' | 'references' | 'outcomes' | 'clock'>;

/** Faults of single rows, whose value is the share of rows that have them. */
const SHARES_OF_ROWS: ReadonlySet<CheckName> = new Set([
  'expectation', 'null_rate', 'new_category', 'out_of_range', 'type_mismatch', 'format', 'pair_rule', 'unknown_feature', 'duplicates',
]); // prettier-ignore
/** Faults of how events come. */
const OF_ARRIVAL: ReadonlySet<CheckName> = new Set(['monitoring', 'unmatched_labels', 'event_time', 'freshness']); // prettier-ignore
/** What all answers cost says something of a fault that so large a part of them has. */
const MOST_ROWS = 0.5;

/**
 * What has been lost from the onset of an incident to its end, as far as that is known, by the rows it is about; null where the model file names no costs, where labels that are still to come
 * leave it open, and of faults that few rows have: the cost of the others is not theirs.
 */
export async function costOfIncident(
  { registry, references, outcomes, clock }: CostSources,
  { signal, course, value }: IncidentRecord,
): Promise<ExtraCost | null> {
  const registered = registry.find(signal.model);
  if (!registered?.model.costs || !isAboutAnswers(signal.check, value)) return null;
  const baseline = await references.baselineOf(heldAgainst(registered, signal.version));
  const segment = segmentsOf(baseline).get(signal.segment) ?? null;
  if (signal.segment !== '' && !segment) return null;
  const minute = (at: Date) => new Date(Math.floor(at.getTime() / 60_000) * 60_000);
  const { onset, lastAt } = factsOf(course);
  const stretch = { since: minute(onset), until: minute(lastAt), now: clock.now() };
  const { model } = registered;
  return readExtraCost({ outcomes, baseline }, { model, version: signal.version, segment, ...stretch });
}

function isAboutAnswers(check: CheckName, value: number | null): boolean {
  if (OF_ARRIVAL.has(check)) return false;
  return !SHARES_OF_ROWS.has(check) || (value !== null && value >= MOST_ROWS && value <= 1);
}

/** A message with what its case has cost so far, where that is beyond doubt: by the incident that it tells first. */
export async function withCost(
  { incidents, ...sources }: CostSources & Pick<Stages, 'incidents'>,
  message: CaseMessage,
): Promise<CaseMessage> {
  if (!message.briefing) return message;
  const leading = incidents.find(message.findings[0]?.incidentId ?? '');
  const cost = leading && (await costOfIncident(sources, leading));
  if (!cost || !isSure(cost)) return message;
  return { ...message, briefing: { ...message.briefing, cost: extraCostText(cost) } };
}
