import type { CaseMessage } from '../domain/case-message.js';
import { ON_TRIAL, type Model } from '../domain/model.js';
import { isFlapping } from '../incidents/flapping.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { Deliveries } from '../notify/deliveries.js';
import { tellingRules } from '../policies/concerns.js';
import { modelFacts } from '../policies/facts.js';
import type { RegisteredModel } from '../registry/registry.js';
import type { Database } from '../store/database.js';
import { channelsOf } from '../notify/routes.js';
import type { Stages } from './stages.js';
import { waysOf } from './ways-of.js';
import { whyNot, type AskedIncident, type Explanation, type TellingFacts } from './why-not.js';

/** What somebody asks about: a check of a feature, of a segment, or of the whole model ('' and null), at an instant of event time. */
export interface Question {
  readonly model: string;
  readonly check: string;
  readonly feature: string | null;
  readonly segment: string;
  readonly at: Date;
}

/** Why somebody was, or was not, told of a check at an instant. Throws ModelNotFound. */
export async function explainTelling(stages: Stages, asked: Question): Promise<Explanation> {
  const { database, registry, policies, channels } = stages;
  const registered = registry.load(asked.model);
  const window = await readWindow(database, asked);
  const facts: TellingFacts = {
    window: window && { version: window.version, ...stageOf(registered, window.version) },
    elsewhere: window ? [] : await readElsewhere(database, asked, registered.model),
    results: window ? await readResults(database, asked, window) : [],
    rules: tellingRules(
      policies,
      { model: modelFacts(registered.model) },
      { ...asked, segment: asked.segment === '' ? undefined : asked.segment },
    ),
    incident: incidentOf(stages, asked, stages.clock.now()),
    channels: Object.keys(channels),
  };
  return whyNot(facts);
}

function stageOf({ versions }: RegisteredModel, version: string) {
  const stage = versions.find((one) => one.version === version)?.stage ?? 'registered';
  return { stage, isOnTrial: ON_TRIAL.has(stage) };
}

function incidentOf(stages: Stages, asked: Question, now: Date): AskedIncident | null {
  const { incidents, silences, deliveries } = stages;
  const { model, check, feature, segment, at } = asked;
  const found = incidents
    .list({ model, check, feature, segment })
    .find(({ course }) => course.onset <= at && at <= course.lastAt);
  if (!found) return null;
  const cause = found.explainedBy === null ? null : incidents.find(found.explainedBy);
  return {
    id: found.id,
    severity: found.severity,
    // What a policy tells to nobody no route tells to anybody.
    channels: found.channels.length === 0 ? [] : channelsOf(waysOf(stages, found, now)),
    explainedBy: found.explainedBy === null ? null : (cause?.summary ?? found.explainedBy),
    isFlapping: isFlapping(found),
    heldBy: silences.holderOf(found.id),
    deliveries: messagesOf(deliveries, found),
  };
}

/** Messages with news of an incident: one that merely lists it, as a member of its case, told nobody of it. */
function messagesOf(deliveries: Deliveries, { id, caseId }: IncidentRecord): AskedIncident['deliveries'] {
  return deliveries
    .list()
    .filter(({ stream, message }) => stream === caseId && message.type === 'case' && tellsOf(message, id))
    .map((one) => {
      const { destination, nextAt, held } = one;
      // What a digest has taken the place of is told where the digest is.
      const state = (deliveries.digestOf(one) ?? one).state;
      return { to: `${destination.kind} ${destination.address}`, state, due: nextAt.toISOString(), held };
    }); // prettier-ignore
}

function tellsOf({ findings, news }: CaseMessage, id: string): boolean {
  return (
    findings.some(({ incidentId, news: kind }) => incidentId === id && kind !== null) ||
    news.some(({ incidentId }) => incidentId === id)
  );
}

interface JudgedWindow {
  readonly version: string;
  /** Epoch seconds. */
  readonly from: number;
}

async function readWindow(database: Database, { model, at }: Question): Promise<JudgedWindow | null> {
  const found = await database.query<JudgedWindow>(
    `SELECT version, toUnixTimestamp(window_from) AS from FROM v_windows
     WHERE model = {model:String} AND window_from <= toDateTime({at:UInt32}, 'UTC') AND window_to > toDateTime({at:UInt32}, 'UTC')
     ORDER BY predictions DESC LIMIT 1`,
    { params: { model, at: secondsOf(at) } },
  );
  return found[0] ?? null;
}

async function readResults(
  database: Database,
  { model, check, feature, segment }: Question,
  { version, from }: JudgedWindow,
): Promise<TellingFacts['results']> {
  return database.query<TellingFacts['results'][number]>(
    `SELECT statistic, state, n FROM v_check_results
     WHERE model = {model:String} AND version = {version:String} AND window_from = toDateTime({from:UInt32}, 'UTC')
       AND check = {check:String} AND feature = {feature:String} AND segment = {segment:String} ORDER BY state IN ('ALERT', 'NOTICE') DESC, statistic`,
    { params: { model, version, check, feature: feature ?? '', segment, from } },
  );
}

/** Environments, besides the model's, that have rows within a window's length around the instant. */
async function readElsewhere(
  database: Database,
  { at }: Question,
  { key, window, environments }: Model,
): Promise<readonly string[]> {
  const rows = await database.query<{ environment: string }>(
    `SELECT DISTINCT if(environment = '', 'production', environment) AS environment FROM predictions
     WHERE model = {key:String} AND ts >= fromUnixTimestamp64Milli({from:Int64}) AND ts < fromUnixTimestamp64Milli({to:Int64}) LIMIT 20`,
    { params: { key, from: at.getTime() - window, to: at.getTime() + window } },
  );
  return rows.map(({ environment }) => environment).filter((one) => !environments.includes(one));
}

function secondsOf(at: Date): number {
  return Math.max(0, Math.floor(at.getTime() / 1000));
}
