import { factsOf } from '../domain/incident-facts.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { readExtraCost, type ExtraCost } from './performance.js';
import { heldAgainst } from '../registry/registry.js';
import type { Stages } from './stages.js';

/** What has been lost since the onset of an incident, up to its end or now; null where the model file names no costs, or labels are still to come. */
export async function costOfIncident(
  { registry, references, outcomes, clock }: Stages,
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
