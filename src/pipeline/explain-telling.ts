import { knownStage } from '../domain/known-stage.js';
import { headlineOf } from '../domain/incident-headline.js';
import type { CaseMessage } from '../domain/case-message.js';
import type { IncidentCourse } from '../domain/incident-course.js';
import { NEED_LABELS } from '../domain/check-result.js';
import type { Model } from '../domain/model.js';
import { minuteText } from '../domain/wording.js';
import { isFlapping } from '../incidents/flapping.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { Deliveries } from '../notify/deliveries.js';
import { tellingRules } from '../policies/concerns.js';
import { modelFacts } from '../policies/facts.js';
import { championOf } from '../registry/answering.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import type { Database } from '../store/database.js';
import { channelsOf } from '../notify/routes.js';
import type { Stages } from './stages.js';
import { windowStart } from '../windows/window.js';
import { isOnTrial, isOver } from './nobodys-window.js';
import { standingIn } from './series-standings.js';
import { tooFewText } from './unwatched.js';
import { waysOf } from './ways-of.js';
import { ofVersions, whyNot, type AskedIncident, type Explanation, type TellingFacts } from './why-not.js';

/** What somebody asks about: a check of a feature, of a segment, or of the whole model ('' and null), at an instant of event time. */
export interface Question {
  readonly model: string;
  readonly check: string;
  readonly feature: string | null;
  readonly segment: string;
  readonly at: Date;
  /** Null asks about the version that answers, and about every other of which there is something to say. */
  readonly version: string | null;
}

/** What the answer is read from. */
type TellingSources = Pick<
  Stages,
  | 'channels'
  | 'clock'
  | 'database'
  | 'deliveries'
  | 'incidents'
  | 'policies'
  | 'references'
  | 'registry'
  | 'routes'
  | 'silences'
>;

/** Why somebody was, or was not, told of a check at an instant. Throws ModelNotFound. */
export async function explainTelling(stages: TellingSources, asked: Question): Promise<Explanation> {
  const registered = stages.registry.load(asked.model);
  const windows = await readWindows(stages.database, asked);
  const versions = versionsOf(stages, asked, registered, windows);
  const explained = await Promise.all(
    versions.map(async (version) => {
      const window = windows.find((one) => one.version === version) ?? null;
      const facts = await factsFor(stages, { ...asked, version }, registered, window);
      return { version, isOnTrial: facts.stage.isOnTrial, explanation: whyNot(facts) };
    }),
  );
  return ofVersions(explained, championOf(registered.versions));
}

/** The version that was asked for; else those with a window or an incident then, and the one that answers for the model. */
function versionsOf(
  stages: Pick<Stages, 'incidents'>,
  asked: Question,
  { versions }: RegisteredModel,
  windows: readonly JudgedWindow[],
): readonly string[] {
  if (asked.version !== null) return [asked.version];
  const found = incidentsAt(stages, asked).map(({ signal }) => signal.version);
  const named = new Set([...windows.map(({ version }) => version), ...found]);
  const champion = championOf(versions);
  // Of a model that never had a version the question is about none.
  return [...new Set([...(champion === null ? [] : [champion]), ...named])].concat(
    champion === null && named.size === 0 ? [''] : [],
  );
}

async function factsFor(
  stages: TellingSources,
  asked: Question & { readonly version: string },
  registered: RegisteredModel,
  window: JudgedWindow | null,
): Promise<TellingFacts> {
  const { database, policies, channels } = stages;
  const { version, segment } = asked;
  return {
    version,
    stage: stageOf(registered, version, window),
    isJudged: window !== null,
    labelled: window?.labelled ?? 0,
    waitsForLabels: NEED_LABELS.has(asked.check),
    untaught: untaughtText(stages, asked, heldAgainst(registered, version)),
    elsewhere: window ? [] : await readElsewhere(database, asked, registered.model),
    results: window ? await readResults(database, asked, window) : [],
    rules: tellingRules(
      policies,
      { model: modelFacts(registered.model) },
      { ...asked, segment: segment === '' ? undefined : segment },
    ),
    incident: incidentOf(stages, asked, stages.clock.now()),
    channels: Object.keys(channels),
  };
}

/** Why the reference that is held, if any, never judges a check, in words; null where it does. */
function untaughtText(
  { references }: Pick<Stages, 'references'>,
  { check, feature, segment }: Question,
  held: RegisteredModel,
): string | null {
  const series = references.atHand(held)?.fitted?.series ?? [];
  const asked = series.filter(
    (one) => one.check === check && one.feature === feature && (one.segment ?? '') === (segment ?? ''),
  );
  const short = asked.filter((one) => standingIn(one) === 'short');
  const isJudged = short.length < asked.length || short.length === 0;
  return isJudged ? null : tooFewText(short, held.model.window);
}

function stageOf({ model, versions }: RegisteredModel, version: string, window: JudgedWindow | null) {
  const name = knownStage(versions, version);
  const to = new Date((window?.from ?? 0) * 1000 + model.window);
  const isPast = window !== null && isOver(versions, model, { version, to });
  return { name, isOnTrial: isOnTrial(versions, version), isOver: isPast };
}

/** What was asked about and stands over the instant: first what shows then, newest first; where a version was named, of it or of the model as a whole. */
function incidentsAt(
  { incidents }: Pick<Stages, 'incidents'>,
  { model, check, feature, segment, at, version }: Question,
): readonly IncidentRecord[] {
  return incidents
    .remembered({ model, check, feature, segment })
    .filter(({ signal }) => version === null || signal.version === version || signal.version === '')
    .filter(({ course, lastWindowTo }) => course.onset <= at && (at <= course.lastAt || at <= lastWindowTo))
    .toSorted((a, b) => Number(at > a.course.lastAt) - Number(at > b.course.lastAt));
}

function incidentOf(
  stages: Pick<Stages, 'registry' | 'incidents' | 'silences' | 'deliveries' | 'routes'>,
  asked: Question,
  now: Date,
): AskedIncident | null {
  const { incidents, silences, deliveries } = stages;
  const found = incidentsAt(stages, asked)[0];
  if (!found) return null;
  const cause = found.explainedBy === null ? null : incidents.find(found.explainedBy);
  const held = silences.lastHeld(found.id);
  const told = messagesOf(deliveries, found, cause?.caseId ?? null, asked.at);
  return {
    id: found.id,
    severity: found.severity,
    shownUntil: asked.at > found.course.lastAt ? `${minuteText(found.course.lastAt)} UTC` : null,
    // What a policy tells to nobody no route tells to anybody.
    channels: found.channels.length === 0 ? [] : channelsOf(waysOf(stages, found, now)),
    explainedBy: found.explainedBy === null ? null : cause ? headlineOf(cause) : found.explainedBy,
    isFlapping: isFlapping(found),
    heldBy: held?.by ?? null,
    isHeld: silences.held().some(({ incidentId }) => incidentId === found.id),
    deliveries: told,
  };
}

/** Messages with news of an incident: one that merely lists it, as a member of its case, told nobody of it. */
function messagesOf(
  deliveries: Deliveries,
  { id, caseId, course }: IncidentRecord,
  host: string | null,
  at: Date,
) {
  return deliveries
    .list()
    .filter(({ stream, message }) => (stream === caseId || stream === host) && message.type === 'case' && tellsOf(message, id))
    .map((one) => {
      const { destination, requestedAt, endedAt, nextAt, held } = one;
      // What a digest has taken the place of is told where the digest is.
      const state = (deliveries.digestOf(one) ?? one).state;
      return { to: `${destination.kind} ${destination.address}`, state, due: nextAt.toISOString(), held, at: endedAt ?? requestedAt, isOfThen: one.message.type === 'case' && isOfThen(one.message, id, course, at) };
    }); // prettier-ignore
}

/** Whether a message tells of the stretch of an incident that an instant falls into; of before such were counted, of any. */
function isOfThen({ findings }: CaseMessage, id: string, { spells }: IncidentCourse, at: Date): boolean {
  const seen = findings.find(({ incidentId }) => incidentId === id)?.seen;
  const from = spells.findLast((spell) => spell.from <= at)?.from;
  return seen === undefined || from === undefined || new Date(seen.to) > from;
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
  /** Rows with a label by the time it was judged. */
  readonly labelled: number;
}

/** The windows that hold the instant, one of each version, the largest first. */
async function readWindows(
  database: Database,
  { model, at, version }: Question,
): Promise<readonly JudgedWindow[]> {
  return database.query<JudgedWindow>(
    `SELECT version, toUnixTimestamp(window_from) AS from, labelled FROM v_windows
     WHERE model = {model:String} AND window_from <= toDateTime({at:UInt32}, 'UTC') AND window_to > toDateTime({at:UInt32}, 'UTC')
       AND ({version:String} = '' OR version = {version:String})
     ORDER BY predictions DESC, version LIMIT 1 BY version LIMIT 20`,
    { params: { model, at: secondsOf(at), version: version ?? '' } },
  );
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

/** Environments, besides the model's, that have rows in the window that holds the instant. */
async function readElsewhere(
  database: Database,
  { at }: Question,
  { key, window, environments }: Model,
): Promise<readonly string[]> {
  const from = windowStart(at.getTime(), window);
  const rows = await database.query<{ environment: string }>(
    `SELECT DISTINCT if(environment = '', 'production', environment) AS environment FROM predictions
     WHERE model = {key:String} AND ts >= fromUnixTimestamp64Milli({from:Int64}) AND ts < fromUnixTimestamp64Milli({to:Int64}) LIMIT 20`,
    { params: { key, from, to: from + window } },
  );
  return rows.map(({ environment }) => environment).filter((one) => !environments.includes(one));
}

function secondsOf(at: Date): number {
  return Math.max(0, Math.floor(at.getTime() / 1000));
}
