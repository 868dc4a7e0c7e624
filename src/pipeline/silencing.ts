import { someOf } from '../domain/wording.js';
import { conditionsOf, Matcher, matchesAll, type Labels } from '../domain/matcher.js';
import { riskTier, type Model } from '../domain/model.js';
import type { Person } from '../domain/person.js';
import {
  createSilence,
  expireSilence,
  SilenceRefusal,
  type SilenceWish,
} from '../incidents/silence-commands.js';
import { heldTogether, mayMeet, type Quiet } from '../incidents/held-together.js';
import type { IncidentCase } from '../incidents/incidents.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { Silence } from '../incidents/silences.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { judgedFeatures } from './judged-features.js';
import { releaseHeld } from './release-held.js';
import type { Stages } from './stages.js';

/** Features named in a refusal. */
const MOST_NAMED = 50;

/** For how long one person may hold back what is critical of a model of high risk. */
const ALONE_MS = 24 * 3_600_000;

/** Makes a silence; its id. Throws a SilenceRefusal. */
export async function silence(
  stages: Pick<Stages, 'database' | 'ledger' | 'registry' | 'silences'>,
  wish: SilenceWish,
  who: Person,
): Promise<string> {
  await demandFeatures(stages, wish);
  let id = '';
  await stages.ledger.transact((now) => {
    const made = createSilence(wish, who, now);
    demandShort(stages, wish, now);
    id = made.id;
    return [made.entry];
  });
  return id;
}

/** For how long something of a case is kept quiet, and why. */
export interface QuietWish {
  readonly members: readonly IncidentRecord[];
  readonly ms: number;
  readonly comment: string;
}

/** One silence of findings of a case and of nothing else: a new problem must be heard. Throws a SilenceRefusal. */
export function silenceFindings(
  stages: Pick<Stages, 'registry' | 'silences'>,
  { model, version }: Pick<IncidentCase, 'model' | 'version'>,
  { members, ms, comment }: QuietWish,
  who: Person,
  now: Date,
): { readonly id: string; readonly entry: NewEntry } {
  const only = members.map(({ signal }) => {
    const { check, feature, segment } = signal;
    return { check, feature: feature ?? '', segment };
  });
  const matchers = [
    { name: 'model', value: model },
    { name: 'version', value: version },
  ];
  const wish = { matchers, only, startsAt: null, endsAt: new Date(now.getTime() + ms), comment };
  const made = createSilence(wish, who, now);
  demandShort(stages, wish, now);
  return made;
}

/** A feature that the model never had would be held back for ever and never met. Throws a SilenceRefusal. */
async function demandFeatures(
  { database, registry }: Pick<Stages, 'database' | 'registry'>,
  { matchers }: SilenceWish,
): Promise<void> {
  const exact = (wanted: string) =>
    matchers.find(({ name, value, equal }) => name === wanted && equal !== false && !value.includes('*'))
      ?.value;
  const feature = exact('feature');
  const known = registry.find(exact('model') ?? '');
  if (feature === undefined || !known) return;
  const judged = await judgedFeatures(database, [known.model]);
  if (judged.length === 0 || judged.includes(feature)) return;
  const near = someOf(judged.toSorted(), MOST_NAMED);
  throw new SilenceRefusal(
    'bad_silence',
    'matchers',
    `matchers: ${known.model.key} has no feature "${feature}"; there are ${near}`,
  );
}

/**
 * What is critical of a model of high risk is closed by two people, and so nobody holds it back for long alone, nor with several silences one after the other. Throws a
 * SilenceRefusal.
 */
function demandShort({ registry, silences }: Pick<Stages, 'registry' | 'silences'>, { matchers, only, startsAt, endsAt }: SilenceWish, now: Date): void {
  const wish = { startsAt: startsAt ?? now, endsAt };
  const meant = matchers.map((one) => Matcher.parse(one));
  const isNear = (one: Quiet) =>
    one.endsAt.getTime() > wish.startsAt.getTime() - 2 * ALONE_MS && one.startsAt.getTime() < endsAt.getTime() + 2 * ALONE_MS;
  const beside = silences.list().filter((one) => isNear(one) && meets(one, { matchers: meant, only }));
  const models = registry.models().filter(({ model }) => mayCover(meant, model));
  const covered = models.filter(({ model }) => {
    const meeting = beside.filter((one) => mayCover(one.matchers, model));
    return heldTogether(wish, meeting, 2 * ALONE_MS) > ALONE_MS;
  });
  if (covered.length === 0) return;
  const named = covered.slice(0, MOST_NAMED).map(({ model }) => model.key).join(', ');
  const isLong = endsAt.getTime() - wish.startsAt.getTime() > ALONE_MS;
  const others = isLong ? '' : `, and with ${beside.map(({ id }) => id).slice(0, MOST_NAMED).join(', ')} it would be for longer`;
  throw new SilenceRefusal(
    'too_long',
    'endsAt',
    `endsAt: what is critical of a model of high risk (${named}) is held back for a day at most in any two${others}: end it sooner, or leave it out with severity!=critical or tier!=HIGH; a maintenance window in the channels file is for longer`,
  );
} // prettier-ignore

/** Whether two silences may be of the same finding. */
function meets(one: Pick<Silence, 'matchers' | 'only'>, other: Pick<Silence, 'matchers' | 'only'>): boolean {
  const wanted = conditionsOf(other);
  return conditionsOf(one).some((conditions) => wanted.some((those) => mayMeet(conditions, those)));
}

/** Whether something critical of a model may match; what is not known before, such as a feature, may. */
function mayCover(matchers: readonly Matcher[], { key, owner, risk }: Model): boolean {
  const labels: Labels = { model: key, owner, tier: riskTier(risk), severity: 'critical', version: '', check: '', feature: '', segment: '', policy: '', environment: '' };
  const known = matchers.filter(({ name }) => labels[name] !== '');
  return riskTier(risk) === 'HIGH' && matchesAll(known, labels);
} // prettier-ignore

/** Ends a silence and tells what it held back. Throws a SilenceRefusal. */
export async function endSilence(stages: Stages, id: string, who: Person): Promise<void> {
  await stages.ledger.transact((now) => [expireSilence(stages.silences, id, who, now)]);
  await stages.ledger.transact((now) => releaseHeld(stages, now));
}
