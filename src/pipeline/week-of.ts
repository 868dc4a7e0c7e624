import { effectText } from '../domain/statistic-text.js';
import { findingTitle } from '../domain/incident-headline.js';
import type { Flap } from '../domain/weekly-message.js';
import { NO_FINDING } from '../domain/root-cause.js';
import { flapsOf, type FlapFacts } from '../incidents/flaps.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { precisionOf, responseTimes } from '../incidents/response-times.js';
import type { WeekOf } from '../notify/plan-weekly.js';
import { channelsOf } from '../notify/routes.js';
import type { Stages } from './stages.js';
import { waysOf } from './ways-of.js';

type Sources = Pick<Stages, 'incidents' | 'caseFiles' | 'registry' | 'routes' | 'baseUrl'>;

/** More would not be read; the page of incidents lists them all. */
const MOST_FLAPS = 10;
const MOST_CHECKS = 5;
/** So far back people's words about cases count. */
const WORDS_MS = 84 * 86_400_000;
const HOUR = 3_600_000;

/** What came and went in a stretch, the most frequent first, of incidents that are asked for. */
export function flapsIn(
  { incidents, caseFiles, registry, baseUrl }: Sources,
  stretch: { readonly from: Date; readonly to: Date },
  isAsked: (incident: IncidentRecord) => boolean,
): readonly Flap[] {
  const isReal = (caseId: string) => {
    const cause = caseFiles.find(caseId).rootCause;
    return cause !== null && cause !== 'UNKNOWN' && !NO_FINDING.has(cause);
  };
  const windowMs = (model: string) => registry.find(model)?.model.window ?? HOUR;
  return flapsOf(incidents.list(), { ...stretch, windowMs, isReal })
    .filter(({ incident }) => isAsked(incident))
    .map((flap) => told(flap, baseUrl));
}

/**
 * What is known of a week by those who hear by some channels: incidents are theirs where their routes lead to one of them now. Routes are asked once
 * about an incident, however many ask for the week, and not about cases that are too old to count.
 */
export function weekOf(stages: Sources, now: Date): WeekOf {
  const { incidents, caseFiles, baseUrl } = stages;
  const heard = new Map<string, readonly string[]>();
  const heardBy = (one: IncidentRecord) => {
    const names = heard.get(one.id) ?? channelsOf(waysOf(stages, one, now));
    heard.set(one.id, names);
    return names;
  };
  return (channels, { from, to }, mayHear) => {
    const isTheirs = (one: IncidentRecord) =>
      mayHear(one.signal.model) && heardBy(one).some((name) => channels.includes(name));
    const flaps = flapsIn(stages, { from, to }, isTheirs);
    const recent = incidents.cases().filter(({ openedAt }) => to.getTime() - openedAt.getTime() <= WORDS_MS);
    const theirs = recent.filter(({ members }) => members.some(isTheirs));
    const began = theirs.filter(({ openedAt }) => from <= openedAt && openedAt < to);
    const spoken = new Set(theirs.map(({ id }) => id));
    const { detectSeconds, acknowledgeSeconds, resolveSeconds } = responseTimes(began, (id) => caseFiles.find(id)); // prettier-ignore
    return {
      opened: began.length,
      open: began.filter(({ state }) => state === 'OPEN').length,
      detectSeconds,
      acknowledgeSeconds,
      resolveSeconds,
      flapping: flaps.length,
      flaps: flaps.slice(0, MOST_FLAPS),
      precision: precisionOf(caseFiles.verdicts().filter(({ caseId }) => spoken.has(caseId))).slice(0, MOST_CHECKS), // prettier-ignore
      links: { cases: `${baseUrl}/incidents` },
    };
  };
}

function told({ incident, times, largest, effect, windows, loses }: FlapFacts, baseUrl: string): Flap {
  const { id, signal, policy } = incident;
  return {
    incidentId: id,
    title: findingTitle(incident),
    model: signal.model,
    version: signal.version,
    check: signal.check,
    policy: policy.id,
    rule: policy.rule,
    times,
    largest: largest && effectText(signal.check, largest.statistic, largest.effect),
    effect,
    windows,
    loses,
    link: `${baseUrl}/incidents/${encodeURIComponent(id)}`,
  };
}
