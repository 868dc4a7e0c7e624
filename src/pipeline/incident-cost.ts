import { factsOf } from '../domain/incident-facts.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { Message } from '../domain/delivery.js';
import { extraCostText, isSure, type ExtraCost } from '../domain/extra-cost.js';
import { readExtraCost } from './performance.js';
import { heldAgainst } from '../registry/registry.js';
import type { Stages } from './stages.js';

/** What the cost of an incident is read from. */
export type CostSources = Pick<Stages, 'registry' | 'references' | 'outcomes' | 'clock'>;

/** What has been lost since the onset of an incident, up to its end or now; null where the model file names no costs, or labels are still to come. */
export async function costOfIncident(
  { registry, references, outcomes, clock }: CostSources,
  { signal, state, course }: IncidentRecord,
): Promise<ExtraCost | null> {
  const registered = registry.find(signal.model);
  if (!registered?.model.costs) return null;
  const baseline = await references.baselineOf(heldAgainst(registered, signal.version));
  const { model } = registered;
  const minute = (at: Date) => new Date(Math.floor(at.getTime() / 60_000) * 60_000);
  const { onset, lastAt } = factsOf(course);
  const stretch = { since: minute(onset), until: minute(state === 'CLOSED' ? lastAt : clock.now()) };
  return readExtraCost({ outcomes, baseline }, { model, version: signal.version }, stretch);
}

/** A message with what its case has cost so far, where that is beyond doubt: by the incident that it tells first. Other messages are as they were. */
export async function withCost(
  { incidents, ...sources }: CostSources & Pick<Stages, 'incidents'>,
  message: Message,
): Promise<Message> {
  if (message.type !== 'case' || !message.briefing) return message;
  const leading = incidents.find(message.findings[0]?.incidentId ?? '');
  const cost = leading && (await costOfIncident(sources, leading));
  if (!cost || !isSure(cost)) return message;
  return { ...message, briefing: { ...message.briefing, cost: extraCostText(cost) } };
}
