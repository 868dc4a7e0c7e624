import type { Constraint } from '../domain/constraint.js';
import { rulesInForce } from '../domain/rules-in-force.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import { arrivedSince } from './arrived-since.js';
import type { WindowProfile } from '../domain/profile.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import type { VersionRows } from '../profiles/profiles.js';
import type { RegisteredModel } from '../registry/registry.js';
import { classified, excuseOf, readProfiles, withErrors, withModelRows, type RunOrder } from './evaluate-run.js'; // prettier-ignore
import { judgeWindow } from './evaluate-window.js';
import type { Finding } from './finding.js';
import { NO_MEMORY, type Memory } from './judgement.repository.js';
import type { VerdictRecord } from './as-recorded.js';
import { asSummarised, measuredIn, toTheLastDigit } from './as-summarised.js';
import { askedStreams, readStreams } from './label-streams.js';
import { referenceId, type Reference } from './reference.js';
import type { Stages } from './stages.js';
import { inputsDigest, memoryDigest } from './window-inputs.js';

/** A judged window by its start. */
export interface VerdictPlace {
  readonly model: string;
  readonly version: string;
  readonly from: Date;
}

/** A record that is judged again, and what was known then. */
export interface WindowAgain {
  readonly stages: Stages;
  readonly place: VerdictPlace;
  readonly record: VerdictRecord;
  readonly registered: RegisteredModel;
  readonly reference: Reference;
}

/** The finding of a window judged again, with what its minutes say and what its rows give now. */
export async function judgeAgain(
  window: WindowAgain,
  law: readonly CompiledPolicy[],
): Promise<{ readonly finding: Finding } & Pick<FoundInputs, 'minutes' | 'own'>> {
  const { stages, place, record, registered, reference } = window;
  const { track, revision, share } = record;
  const { model } = registered;
  const start = place.from.getTime();
  const to = new Date(start + model.window);
  const { minutes, own, ...found } = await inputsOf(window, law);
  const profile = await classified(stages, orderOf(window), { reference, start, ...found });
  const judged = {
    model,
    window: { ...place, model: model.key, to, revision },
    track,
    reference,
    rules: rulesOf(window),
    budget: { ...stages.budget, share },
  };
  return { finding: judgeWindow({ ...judged, ...found, profile }, law), minutes, own };
}

/** What its rows were measured by: before what people expect held at once, that of a reference alone did. */
export function rulesOf({ record, registered, reference: { baseline } }: WindowAgain): readonly Constraint[] {
  return record.holdsWritten ? rulesInForce(registered.model, baseline) : (baseline?.rules ?? []);
}

/** What a window was judged on. */
export interface FoundInputs {
  readonly profile: WindowProfile;
  readonly excuse: string | null;
  readonly isHistory: boolean;
  readonly memory: Memory;
  readonly inputs: string;
  /** What the summaries of its minutes say. */
  readonly minutes: WindowProfile;
  /** What its rows and labels give now. */
  readonly own: WindowProfile;
}

/**
 * What the window was judged on: its rows, the memory before it and the circumstances. The window before may have been judged again since, and
 * old records do not say whether other versions were there: of what there is, the digest says which it was.
 */
async function inputsOf(window: WindowAgain, law: readonly CompiledPolicy[]): Promise<FoundInputs> {
  const { stages, place, record, registered, reference } = window;
  const { track, share } = record;
  const { model } = registered;
  const { version, from } = place;
  const start = from.getTime();
  const id = referenceId(track, reference);
  const span = { version, from, to: new Date(start + model.window), widthMs: model.window };
  const of = track === 'labels' ? 'labels' : 'answers';
  const rules = rulesOf(window);
  const memories = await stages.judgements.memoriesBefore(model.key, version, track, from, id);
  const { profiles, byVersion } = await readProfiles(stages, orderOf(window), reference, [start]);
  const minutes = profiles.get(start / 1000) ?? EMPTY_PROFILE;
  const asked = { model, baseline: reference.baseline, rules };
  const rows = await stages.profiles.fromRows(asked, span, of);
  const all = await withOwnErrors(window, law, asSummarised(rows, minutes));
  const arrived = arrivedSince(record, all);
  const own = arrived ? await withOwnErrors(window, law, await stages.profiles.fromRows({ ...asked, arrived }, span, of)) : all; // prettier-ignore
  // Minutes of before a reference was frozen may not have been measured yet for rules that their rows answer now.
  const seen = [own, { ...own, measures: measuredIn(minutes, own) }, { ...own, measures: {} }];
  const found = byVersion?.get(start / 1000) ?? null;
  const profiled = seen.flatMap((profile) => profilesOf(window, profile, found));
  const digested = (one: Judgeable): Judgeable & Pick<FoundInputs, 'inputs'> => ({
    ...one,
    inputs: inputsDigest({ ...one, track, rules, baseline: id, share, memory: memoryDigest(one.memory) }),
  });
  const judgeable = profiled.flatMap((one) => [...memories, NO_MEMORY].map((memory) => ({ ...one, memory })));
  const candidates = judgeable.map(digested);
  const recorded = candidates.find(({ inputs }) => inputs === record.inputs);
  const near = recorded ?? toTheLastDigit(judgeable, digested, record.inputs) ?? candidates[0];
  return {
    ...(near ?? { profile: own, excuse: null, isHistory: false, memory: NO_MEMORY, inputs: '' }),
    minutes,
    own: all,
  };
}

type Judgeable = Pick<FoundInputs, 'profile' | 'excuse' | 'isHistory' | 'memory'>;

/** The window's profile with each excuse for a silence, and each number of rows of the whole model, that it may have been judged with. */
function profilesOf(
  window: WindowAgain,
  own: WindowProfile,
  found: readonly VersionRows[] | null,
): readonly Omit<Judgeable, 'memory'>[] {
  const { stages, place, record, reference } = window;
  const start = place.from.getTime();
  const order = orderOf(window);
  const said = record.circumstances;
  const isHistory = said?.isHistory ?? false;
  if (said && (said.modelRows !== undefined || !found)) {
    const rows = said.modelRows === undefined ? {} : { modelRows: said.modelRows };
    return [{ profile: { ...own, ...rows }, excuse: said.excuse, isHistory }];
  }
  const excuses = said
    ? [said.excuse]
    : own.predictions > 0
      ? [null]
      : [null, excuseOf(stages, order, start)];
  return excuses.flatMap((excuse) => {
    const moment = { reference, start, profile: own, excuse, isHistory, found: found ?? [] };
    const profiles = found ? [withModelRows(order, moment), own] : [own];
    return profiles.map((profile) => ({ profile, excuse, isHistory }));
  });
}

/** With the errors one by one, where the policies of then asked for a detector. */
async function withOwnErrors(
  { stages, place, record, registered: { model }, reference }: WindowAgain,
  law: readonly CompiledPolicy[],
  profile: WindowProfile,
): Promise<WindowProfile> {
  const asked = record.track === 'labels' ? askedStreams(law, model, reference.baseline) : null;
  if (!asked) return profile;
  const start = place.from.getTime();
  const profiles = new Map([[start / 1000, profile]]);
  const windows = { model, version: place.version, starts: [start], profiles };
  return withErrors(profile, await readStreams(stages.database, windows, asked), start);
}

function orderOf({ place, record, registered, reference }: WindowAgain): RunOrder {
  const run = { track: record.track, starts: [place.from.getTime()], rerun: true };
  return { registered, version: place.version, run, share: record.share, reference, ahead: null };
}
