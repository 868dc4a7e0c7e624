import { factsOf } from '../domain/incident-facts.js';
import { bearsCost } from '../incidents/bears-cost.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { CaseMessage } from '../domain/case-message.js';
import { extraCostText, isSure, type ExtraCost } from '../domain/extra-cost.js';
import { readExtraCost } from './extra-cost.js';
import { heldAgainst } from '../registry/registry.js';
import { segmentsOf } from './segments.js';
import type { Stages } from './stages.js';

/** What the cost of an incident is read from. */
export type CostSources = Pick<Stages, 'registry' | 'references' | 'outcomes' | 'clock' | 'incidents'>;

/**
 * What has been lost from the onset of an incident to its end, as far as that is known, by the rows it is about; null where the model file names no costs, where labels that are still to come
 * leave it open, and of what costs nothing that labels tell (`incidents/bears-cost.ts`).
 */
export async function costOfIncident(
  { registry, references, outcomes, clock, incidents }: CostSources,
  incident: IncidentRecord,
): Promise<ExtraCost | null> {
  const { signal, course } = incident;
  const registered = registry.find(signal.model);
  if (!registered?.model.costs) return null;
  if (!bearsCost(incident, incidents.list({ model: signal.model }), registered.model.window)) return null;
  const baseline = await references.baselineOf(heldAgainst(registered, signal.version));
  const segment = segmentsOf(baseline).get(signal.segment) ?? null;
  if (signal.segment !== '' && !segment) return null;
  const minute = (at: Date) => new Date(Math.floor(at.getTime() / 60_000) * 60_000);
  const { onset, lastAt } = factsOf(course);
  const stretch = { since: minute(onset), until: minute(lastAt), now: clock.now() };
  const { model } = registered;
  return readExtraCost({ outcomes, baseline }, { model, version: signal.version, segment, ...stretch });
}

/** A message with what its case has cost so far, where that is beyond doubt: by the first of its incidents that bears a cost. */
export async function withCost(sources: CostSources, message: CaseMessage): Promise<CaseMessage> {
  if (!message.briefing) return message;
  const cost = await costOfFirst(sources, message.findings);
  if (!cost || !isSure(cost)) return message;
  return { ...message, briefing: { ...message.briefing, cost: extraCostText(cost) } };
}

async function costOfFirst(sources: CostSources, findings: CaseMessage['findings']): Promise<ExtraCost | null> {
  const { incidents, registry } = sources;
  for (const { incidentId } of findings) {
    const incident = incidents.find(incidentId);
    const model = incident && registry.find(incident.signal.model)?.model;
    if (!model || !bearsCost(incident, incidents.list({ model: model.key }), model.window)) continue;
    return costOfIncident(sources, incident);
  }
  return null;
} // prettier-ignore
