import { factsOf } from '../domain/incident-facts.js';
import { bearsCost } from '../incidents/bears-cost.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { CaseMessage } from '../domain/case-message.js';
import { findingTitle } from '../domain/incident-headline.js';
import { minuteText } from '../domain/wording.js';
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
  sources: CostSources,
  incident: IncidentRecord,
): Promise<ExtraCost | null> {
  return (await costOfFirst(sources, [incident]))?.cost ?? null;
}

/** What answers cost from the onset of an incident to its end, whatever that is about. */
async function costMeanwhile(
  { registry, references, outcomes, clock }: CostSources,
  { signal, course }: IncidentRecord,
): Promise<ExtraCost | null> {
  const registered = registry.find(signal.model);
  if (!registered?.model.costs) return null;
  const baseline = await references.usableOf(heldAgainst(registered, signal.version));
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
  const told = message.findings.flatMap(({ incidentId }) => sources.incidents.find(incidentId) ?? []);
  const found = await costOfFirst(sources, told);
  if (!found || !isSure(found.cost)) return message;
  const { cost, of } = found;
  const isLeading = of.id === message.findings[0]?.incidentId;
  const text = `${isLeading ? '' : ofAnother(of, cost)}${extraCostText(cost)}`;
  return { ...message, briefing: { ...message.briefing, cost: text } };
}

/** What a cost is of, and when, where that is not what leads the message: `answers have become worse, 2026-11-13 06:00 to 2026-11-15 08:00: `. */
function ofAnother(incident: IncidentRecord, { since, until }: ExtraCost): string {
  return `${findingTitle(incident)}, ${minuteText(since)} to ${minuteText(until)}: `;
}

/** A cost, and the incident from whose onset to whose end it is. */
interface Borne {
  readonly cost: ExtraCost;
  readonly of: IncidentRecord;
}

/** Of what loses by the same rows, what began first: a cost is counted from where the loss began, whatever shows it. */
function earliestOf({ signal }: IncidentRecord, all: readonly IncidentRecord[]): IncidentRecord {
  const same = all.filter(
    (one) =>
      one.signal.model === signal.model &&
      one.signal.version === signal.version &&
      one.signal.segment === signal.segment,
  );
  return same.reduce((first, one) => (one.course.onset < first.course.onset ? one : first));
}

/** Every incident that is kept is walked to find those of a model: once a model, and never where no model names costs. */
async function costOfFirst(sources: CostSources, told: readonly IncidentRecord[]): Promise<Borne | null> {
  const { incidents, registry } = sources;
  const modelOf = ({ signal }: IncidentRecord) => registry.find(signal.model)?.model;
  if (told.every((one) => !modelOf(one)?.costs)) return null;
  const known = new Map<string, readonly IncidentRecord[]>();
  const bears = (one: IncidentRecord): boolean => {
    const model = modelOf(one);
    if (!model) return false;
    const others = known.get(model.key) ?? incidents.list({ model: model.key });
    known.set(model.key, others);
    return bearsCost(one, others, model.window);
  };
  const bearers = told.filter(bears);
  const [bearer] = bearers;
  if (!bearer) return null;
  const of = earliestOf(bearer, bearers);
  const cost = await costMeanwhile(sources, of);
  return cost && { cost, of };
}
