import { Turns } from './in-turns.js';
import { durationText } from '../domain/duration.js';
import { countText, percentText, spanText, utcSpanText, utcText } from '../domain/wording.js';
import { judgeModel, type Concern } from '../policies/judge-model.js';
import type { LabelArrival } from '../profiles/arrivals.js';
import { behindText, readSources } from '../profiles/label-sources.js';
import { misspeltText } from '../profiles/misspelt-text.js';
import { championOf } from '../registry/answering.js';
import type { RegisteredModel } from '../registry/registry.js';
import { lateLabels, type LateLabels } from '../windows/late-labels.js';
import { decideIncidents } from '../incidents/decide-incidents.js';
import { decideMessages } from './decide-messages.js';
import type { Monitoring } from '../domain/monitoring.js';
import type { Stages } from './stages.js';

/** Fewer labels without a prediction than this, or a smaller share of all, may be those of rows that are older than the store. */
const LEAST_UNMATCHED = 30;
const TOLD_SHARE = 0.1;

export interface ConcernFacts {
  readonly registered: Pick<RegisteredModel, 'model' | 'versions' | 'registeredAt' | 'baseline'>;
  readonly monitoring: Monitoring;
  /** Null until labels were held against predictions. */
  readonly labels: LabelArrival | null;
  /** That labels say the positive class in another spelling; null where they do not. */
  readonly misspelt: string | null;
  /** Windows whose labels are late; null where they are not, undefined while it is not known how long labels take. */
  readonly late: LateLabels | null | undefined;
  /** Which of their sources are behind; null where nobody asked, or none is. */
  readonly behind: string | null;
  /** Minutes by which event times are ahead of their arrival. */
  readonly shift: number | null;
  readonly now: Date;
}

/** What is to be said of a model as a whole, well or not. Pure. */
export function concernsOf(facts: ConcernFacts): readonly Concern[] {
  return [unjudged(facts), ...unmatched(facts), ...lateOf(facts), shifted(facts)];
}

const UNJUDGED: ReadonlySet<Monitoring['state']> = new Set(['NO_DATA', 'LEARNING', 'CANNOT_JUDGE']);

function unjudged({ registered, monitoring, now }: ConcernFacts): Concern {
  const { state, reason, armed } = monitoring;
  const since = unjudgedSince(registered, state);
  const lasted = Math.max(0, now.getTime() - since.getTime());
  const isMute = state === 'PARTLY' && armed === 0;
  const isOff = isMute || UNJUDGED.has(state);
  const what = isMute ? 'nothing of this model is told' : 'nothing of this model is judged';
  return {
    check: 'monitoring',
    statistic: 'judged',
    problem: isOff ? `${what} since ${utcText(since)}: ${reason ?? state}` : null,
    value: null,
    n: 0,
    lasted,
    since,
  };
}

/** Since when it could have been judged: a model that learns is given that time. */
function unjudgedSince(
  { model, versions, registeredAt, baseline }: ConcernFacts['registered'],
  state: Monitoring['state'],
): Date {
  if (state === 'NO_DATA') return registeredAt;
  const first = versions.flatMap(({ firstSeenAt }) => firstSeenAt ?? []);
  const began = new Date(Math.max(registeredAt.getTime(), ...first.slice(0, 1).map((at) => at.getTime())));
  if (baseline) return baseline.pinnedAt;
  const learns =
    state === 'LEARNING' && model.baseline && 'learn' in model.baseline ? model.baseline.learn : 0;
  return new Date(began.getTime() + learns);
}

/** Labels that say nothing of any prediction, or the contrary of what they mean; nothing while neither was looked at, so that what was told before a restart stands until then. */
function unmatched({ labels: counted, misspelt }: ConcernFacts): readonly Concern[] {
  if (counted === null && misspelt === null) return [];
  const labels = counted ?? { labels: 0, unmatched: 0 };
  const share = labels.labels > 0 ? labels.unmatched / labels.labels : 0;
  const isOff = labels.unmatched >= LEAST_UNMATCHED && share >= TOLD_SHARE;
  const lost = `${countText(labels.unmatched)} of ${countText(labels.labels)} labels of a day (${percentText(share)}) match no prediction: is prediction_id the same in both?`;
  const problems = [...(misspelt === null ? [] : [misspelt]), ...(isOff ? [lost] : [])];
  const problem = problems.length > 0 ? problems.join('; ') : null;
  const found = { problem, value: counted && share, n: labels.labels };
  return [{ check: 'unmatched_labels', statistic: 'share', ...found, lasted: null, since: null }];
}

/** Labels that are late by the law that earlier ones taught; nothing while there is none. */
function lateOf({ late, behind }: ConcernFacts): readonly Concern[] {
  if (late === undefined) return [];
  const about = { check: 'label_delay', statistic: 'labelled_share', lasted: null } as const;
  if (late === null) return [{ ...about, problem: null, value: null, n: 0, since: null }];
  const { labelled, predictions, from } = late;
  return [
    {
      ...about,
      problem: `${lateText(late)}${behind === null ? '' : `; ${behind}`}`,
      value: labelled / predictions,
      n: predictions,
      since: new Date(from),
    },
  ];
}

/** Such as: labels are late: 3 % of 4 120 predictions of 2026-11-12 06:00 to 2026-11-13 07:00 have one, at least 1.5 d after; 90 % had, nearly all within 1 d. */
function lateText({ labelled, predictions, from, to, ageMs, rhythm }: LateLabels): string {
  const stretch = utcSpanText(new Date(from), new Date(to));
  const now = `${percentText(labelled / predictions)} of ${countText(predictions)} predictions of ${stretch} have one, ${spanText(ageMs)} or longer after`;
  return `labels are late, or do not come: ${now}; of others ${percentText(rhythm.share)} had, nearly all within ${spanText(rhythm.lateMs)}`;
}

/** A history that is loaded in pieces has rows and no labels for a moment: what is late is told once it has stood for so long by the clock. */
const LATE_STANDS_MS = 3_600_000;

/** The same of the version that answers. */
function lateLabelsOf(
  { book, clock }: Pick<Stages, 'book' | 'clock'>,
  { model, versions }: RegisteredModel,
): ConcernFacts['late'] {
  const version = championOf(versions);
  if (version === null || !book.versions(model.key).includes(version)) return undefined;
  const late = lateLabels(book.labelled(model, version));
  const isLate = late !== null && late !== undefined;
  const stood = book.rhythms.lateFor(model.key, isLate, clock.now().getTime());
  return isLate && stood < LATE_STANDS_MS ? undefined : late;
}

/** Null where that cannot be read: that labels are late is told all the same. */
async function sourcesBehind(
  { database, log }: Pick<Stages, 'database' | 'log'>,
  { model: { key: model }, versions }: RegisteredModel,
  { from, to, predictions }: LateLabels,
): Promise<string | null> {
  const version = championOf(versions) ?? '';
  try {
    return behindText(await readSources(database, { model, version, from, to, predictions }));
  } catch (error) {
    log.warn('which source of labels is late could not be read', { model, reason: String(error) });
    return null;
  }
}

/** Rows that are behind may be a pipeline that takes its time; nothing comes before it happened. */
function shifted({ shift }: ConcernFacts): Concern {
  return {
    check: 'event_time',
    statistic: 'shift',
    problem: shift !== null && shift > 0 ? shiftText(shift) : null,
    value: shift,
    n: 0,
    lasted: null,
    since: null,
  };
}

/** Such as: timestamps are 2h ahead of their arrival: local time sent as UTC? */
export function shiftText(minutes: number): string {
  const size = durationText(Math.abs(minutes) * 60_000);
  return `timestamps are ${size} ${minutes > 0 ? 'ahead of' : 'behind'} their arrival: local time sent as UTC?`;
}

/** Opens and ends the incidents of models as a whole; what stands as it stood is no entry. */
export async function tellConcerns(stages: Stages, all: ReadonlyMap<string, Monitoring>): Promise<void> {
  const { registry, faults, replicas } = stages;
  const turns = new Turns();
  for (const registered of registry.models()) {
    await turns.next();
    const monitoring = all.get(registered.model.key);
    if (!monitoring || !replicas.holds(registered.model.key)) continue;
    const place = { model: registered.model.key, version: null, step: 'concerns' } as const;
    await faults.fence(place, undefined, async () => tellOf(stages, registered, monitoring));
  }
}

async function tellOf(stages: Stages, registered: RegisteredModel, monitoring: Monitoring): Promise<void> {
  const { arrivals, clock, policies, incidents, ledger, replicas } = stages;
  const { key } = registered.model;
  const open = new Set(incidents.active(key, '').map(({ signal }) => signal.check));
  const late = lateLabelsOf(stages, registered);
  const concerns = concernsOf({
    registered,
    monitoring,
    labels: arrivals.labelsOf(key),
    misspelt: misspeltText(registered.model, arrivals.misspeltOf(key)),
    late,
    // What is told already is not asked for again.
    behind: late && !open.has('label_delay') ? await sourcesBehind(stages, registered, late) : null,
    shift: arrivals.shiftOf(key),
    now: clock.now(),
  });
  const verdicts = judgeModel(policies, registered.model, concerns).filter(
    ({ outcome, signal }) => (outcome === 'breach') !== open.has(signal.check),
  );
  if (verdicts.length === 0) return;
  await ledger.transact((now) => {
    replicas.demand(key);
    const window = { model: key, version: '', from: now, to: now, revision: 0 };
    const { entries, changes } = decideIncidents(incidents, { verdicts, window }, now);
    return [...entries, ...decideMessages(stages, changes, now)];
  });
}
