import { CodedError } from '../domain/coded-error.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import type { Baseline } from '../domain/baseline.js';
import type { WindowProfile } from '../domain/profile.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { fingerprintOf } from '../profiles/fingerprint.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import type { Track } from '../windows/due-windows.js';
import {
  classified,
  excuseOf,
  readProfiles,
  withErrors,
  withModelRows,
  type RunOrder,
} from './evaluate-run.js';
import { judgeWindow } from './evaluate-window.js';
import type { Finding } from './finding.js';
import { lawAt, modelAt, recordsOf, type VerdictRecord } from './as-recorded.js';
import { askedStreams, readStreams } from './label-streams.js';
import { firstDifference } from './recompute-difference.js';
import { References, referenceId, type Reference } from './reference.js';
import type { Stages } from './stages.js';
import { profileOf } from './track.js';
import { inputsDigest, memoryDigest } from './window-inputs.js';
import { readResults, windowKey } from './window-reads.js';

/** A judged window by its start. */
export interface VerdictPlace {
  readonly model: string;
  readonly version: string;
  readonly from: Date;
}

/** One record of the ledger, judged again. `difference` names the first thing that is not as it was recorded; null where nothing is. */
export interface Recomputed {
  readonly track: Track;
  /** Place of the entry that records it. */
  readonly seq: number;
  readonly revision: number;
  readonly results: number;
  readonly difference: string | null;
}

/** The ledger holds no judgement of such a window. */
class NoSuchVerdict extends CodedError {
  override readonly name = 'NoSuchVerdict';
  readonly code = 'no_such_verdict';
  override readonly field = 'from';
}

/**
 * Judges a window again from its stored rows and labels, the reference and the model's description of then, and the text of the policies that the
 * ledger holds, and compares every step with what was recorded. Reads only. Throws NoSuchVerdict.
 */
export async function recompute(stages: Stages, place: VerdictPlace): Promise<readonly Recomputed[]> {
  const records = await recordsOf(stages.ledger, place);
  if (records.length === 0)
    throw new NoSuchVerdict(
      `the ledger holds no judgement of ${place.model} ${place.version} for a window from ${place.from.toISOString()}`,
    );
  const found: Recomputed[] = [];
  for (const record of records) found.push(await again(stages, place, record));
  return found;
}

async function again(stages: Stages, place: VerdictPlace, record: VerdictRecord): Promise<Recomputed> {
  const { track, seq, revision } = record;
  const said = { track, seq, revision };
  const registered = heldAgainst(await modelAt(stages.ledger, place.model, seq), place.version);
  const reference = await new References(stages.baselines).of(registered);
  const wrong = await baselineProblem(stages, reference.baseline, record);
  if (wrong !== null) return { ...said, results: 0, difference: wrong };
  const law = await lawAt(stages.ledger, seq);
  const window = { stages, place, record, registered, reference };
  const finding = await judgeAgain(window, law);
  const stored = await storedOf(stages, place, finding);
  const difference = firstDifference(finding, record, stored);
  return { ...said, results: finding.results.length, difference };
}

async function baselineProblem(
  { baselines }: Stages,
  baseline: Baseline | null,
  { baseline: recorded }: VerdictRecord,
): Promise<string | null> {
  const fingerprint = baseline?.fingerprint ?? null;
  if (fingerprint !== recorded)
    return `reference: recorded ${recorded ?? 'none'}, in force at that time ${fingerprint ?? 'none'}`;
  if (baseline === null) return null;
  const parts = [baseline, baseline.labels].flatMap((one) => (one ? [one] : []));
  for (const { id, fingerprint: pinned } of parts) {
    const now = await fingerprintOf(await baselines.load(id));
    if (now !== pinned)
      return `reference: the content of ${id} has the fingerprint ${now}, and it was pinned as ${pinned}`;
  }
  return null;
}

interface WindowAgain {
  readonly stages: Stages;
  readonly place: VerdictPlace;
  readonly record: VerdictRecord;
  readonly registered: RegisteredModel;
  readonly reference: Reference;
}

async function judgeAgain(window: WindowAgain, law: readonly CompiledPolicy[]): Promise<Finding> {
  const { stages, place, record, registered, reference } = window;
  const { track, revision, share } = record;
  const { model } = registered;
  const start = place.from.getTime();
  const to = new Date(start + model.window);
  const id = referenceId(track, reference);
  const memory = await stages.judgements.memoryBefore(model.key, place.version, track, place.from, id);
  const { profile, excuse, inputs } = await summaryOf(window, law, memoryDigest(memory));
  const order = orderOf(window);
  const whole = await classified(stages, order, { reference, start, profile, excuse });
  const due = {
    model,
    window: { ...place, model: model.key, to, revision },
    track,
    profile: whole,
    reference,
    memory,
    budget: { ...stages.budget, share },
    excuse,
    inputs,
  };
  return judgeWindow(due, law);
}

/** The window's summary from its rows, with what the other versions answered where that was a part of it, and the digest of all. */
async function summaryOf(
  window: WindowAgain,
  law: readonly CompiledPolicy[],
  memory: string,
): Promise<{ readonly profile: WindowProfile; readonly excuse: string | null; readonly inputs: string }> {
  const { stages, place, record, registered, reference } = window;
  const { track, share } = record;
  const { model } = registered;
  const start = place.from.getTime();
  const span = { version: place.version, from: place.from, to: new Date(start + model.window) };
  const rows = await stages.profiles.fromRows(model, reference.baseline, { ...span, widthMs: model.window });
  const own = await withOwnErrors(window, law, rows);
  const order = orderOf(window);
  const { byVersion } = await readProfiles(stages, order, reference, [start]);
  const rules = reference.baseline?.rules ?? [];
  const asked = { track, rules, baseline: referenceId(track, reference), share, memory };
  // Whether other versions were there, and whether its silence had an excuse, is not recorded: the digest says which it was.
  const excuses = own.predictions > 0 ? [null] : [null, excuseOf(stages, order, start)];
  const candidates = excuses.flatMap((excuse) => {
    const moment = { reference, start, profile: own, excuse, found: byVersion?.get(start / 1000) ?? [] };
    const profiles = byVersion ? [withModelRows(order, moment), own] : [own];
    return profiles.map((profile) => ({
      profile,
      excuse,
      inputs: inputsDigest({ ...asked, profile, excuse }),
    }));
  });
  const recorded = candidates.find(({ inputs }) => inputs === record.inputs);
  return recorded ?? candidates[0] ?? { profile: EMPTY_PROFILE, excuse: null, inputs: '' };
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

/** What the store holds of the same window beside its rows: summaries of minutes, results, and the digest of the memory it left. */
async function storedOf(
  stages: Stages,
  { model, version, from }: VerdictPlace,
  { due }: Finding,
): Promise<Parameters<typeof firstDifference>[2]> {
  const start = from.getTime();
  const widthMs = due.model.window;
  const baseline = due.reference.baseline;
  const span = { version, from, to: due.window.to, widthMs };
  const [summaries, results, judged] = await Promise.all([
    stages.profiles.windows(model, baseline?.id ?? null, span),
    readResults(stages.database, { model, windows: [{ version, from: start }], feature: null, check: null }),
    stages.windows.judgements({ model, version, track: due.track }, start, start + widthMs),
  ]);
  const rules = baseline?.rules ?? [];
  const summary = profileOf(due.track, summaries.get(start / 1000) ?? EMPTY_PROFILE, rules);
  const stored = results.get(windowKey({ version, from: start })) ?? [];
  return { summary, results: stored, memory: judged.get(start)?.memory ?? null };
}
