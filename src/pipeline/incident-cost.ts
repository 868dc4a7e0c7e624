import { bearsCost } from '../incidents/bears-cost.js';
import { costLine } from '../incidents/cost-line.js';
import { wholeLoss, type CostBearer } from '../incidents/whole-loss.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { CaseMessage, Finding } from '../domain/case-message.js';
import { isSure, type ExtraCost } from '../domain/extra-cost.js';
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
  sources: CostSources,
  incident: IncidentRecord,
): Promise<ExtraCost | null> {
  const { onset, lastAt } = incident.course;
  return (await costOfFirst(sources, [{ incident, since: onset, until: lastAt }]))?.cost ?? null;
}

/** What answers cost in the stretch of an incident, whatever that is about. */
async function costMeanwhile(
  { registry, references, outcomes, clock }: CostSources,
  { incident: { signal }, since, until }: CostBearer,
): Promise<ExtraCost | null> {
  const registered = registry.find(signal.model);
  if (!registered?.model.costs) return null;
  const baseline = await references.usableOf(heldAgainst(registered, signal.version));
  const segment = segmentsOf(baseline).get(signal.segment) ?? null;
  if (signal.segment !== '' && !segment) return null;
  const minute = (at: Date) => new Date(Math.floor(at.getTime() / 60_000) * 60_000);
  const stretch = { since: minute(since), until: minute(until), now: clock.now() };
  const { model } = registered;
  return readExtraCost({ outcomes, baseline }, { model, version: signal.version, segment, ...stretch });
}

/** A message with what its case has cost so far, where that is beyond doubt: by the first of its incidents that bears a cost. */
export async function withCost(sources: CostSources, message: CaseMessage): Promise<CaseMessage> {
  if (!message.briefing) return message;
  const told = message.findings.flatMap((finding) => billedOf(sources, finding));
  const found = await costOfFirst(sources, told);
  if (!found || !isSure(found.cost)) return message;
  const [leading] = message.findings.slice(0, 1).flatMap((finding) => billedOf(sources, finding));
  return { ...message, briefing: { ...message.briefing, cost: costLine(found.cost, found.of, leading) } };
}

/** A finding with the stretch that its message says it was seen in: what it cost is of the same windows. */
function billedOf({ incidents }: CostSources, { incidentId, since, seen }: Finding): readonly CostBearer[] {
  const incident = incidents.find(incidentId);
  if (!incident) return [];
  const { onset, lastAt } = incident.course;
  return [{ incident, since: new Date(since ?? onset), until: new Date(seen?.to ?? lastAt) }];
}

/** A cost, and the incident from whose onset to whose end it is. */
interface Borne {
  readonly cost: ExtraCost;
  readonly of: IncidentRecord;
}

/** Every incident that is kept is walked to find those of a model: once a model, and never where no model names costs. */
async function costOfFirst(sources: CostSources, told: readonly CostBearer[]): Promise<Borne | null> {
  const { incidents, registry } = sources;
  const modelOf = ({ signal }: IncidentRecord) => registry.find(signal.model)?.model;
  if (told.every(({ incident }) => !modelOf(incident)?.costs)) return null;
  const known = new Map<string, readonly IncidentRecord[]>();
  const bears = (one: IncidentRecord): boolean => {
    const model = modelOf(one);
    if (!model) return false;
    const others = known.get(model.key) ?? incidents.list({ model: model.key });
    known.set(model.key, others);
    return bearsCost(one, others, model.window);
  };
  const bearers = told.filter(({ incident }) => bears(incident));
  const [bearer] = bearers;
  if (!bearer) return null;
  const whole = wholeLoss(bearer, bearers);
  const cost = await costMeanwhile(sources, whole);
  return cost && { cost, of: whole.incident };
}
