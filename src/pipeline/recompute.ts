import type { Constraint } from '../domain/constraint.js';
import { rulesInForce } from '../domain/rules-in-force.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import { arrivedSince } from './arrived-since.js';
import type { WindowProfile } from '../domain/profile.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import type { VersionRows } from '../profiles/profiles.js';
import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import type { Track } from '../windows/due-windows.js';
import { classified, excuseOf, readProfiles, withErrors, withModelRows, type RunOrder } from './evaluate-run.js'; // prettier-ignore
import { judgeWindow } from './evaluate-window.js';
import type { Finding } from './finding.js';
import { NO_MEMORY, type Memory } from './judgement.repository.js';
import { deletedOf } from './deleted-since.js';
import { Laws, modelsAt, newestOfTracks, recordsOf, type VerdictRecord } from './as-recorded.js';
import { asSummarised, measuredIn, toTheLastDigit } from './as-summarised.js';
import { askedStreams, readStreams } from './label-streams.js';
import { takenCount } from './erased-marks.js';
import { lookAgain } from './look-at-rows.js';
import { NoSuchVerdict } from './no-such-verdict.js';
import { overdrawn, type MissingOrder } from './missing-of-day.js';
import { editedMinute, editedRows, firstDifference, missing, otherReference, type StoredJudgement } from './recompute-difference.js'; // prettier-ignore
import { referenceId, type Reference } from './reference.js';
import type { Stages } from './stages.js';
import { editedResults } from './stored-results.js';
import { profileOf } from './track.js';
import { VerdictReferences } from './verdict-references.js';
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
  /** It cannot be judged again, because what it was judged on was deleted as the ledger says: nothing was tampered with. */
  readonly isDeleted: boolean;
}

/**
 * Judges windows again from their stored rows and labels, the reference and the model's description of then, and the text of the policies that
 * the ledger holds, and compares every step with what was recorded. Reads only.
 */
export class Recomputing {
  private readonly references: VerdictReferences;
  private readonly laws = new Laws();

  constructor(private readonly stages: Stages) {
    this.references = new VerdictReferences(stages.baselines);
  }

  /** The newest record of each track of a window, held against what it is now, and older ones whose stored results were changed. Throws NoSuchVerdict. */
  async window(place: VerdictPlace): Promise<readonly Recomputed[]> {
    const records = await recordsOf(this.stages.ledger, place);
    if (records.length === 0)
      throw new NoSuchVerdict(
        `the ledger holds no judgement of ${place.model} ${place.version} for a window from ${place.from.toISOString()}`,
      );
    const edited = await editedResults(this.stages.database, place, records);
    const found: Recomputed[] = [];
    const newest = newestOfTracks(records);
    for (const record of newest) {
      const again = await this.again(place, record);
      found.push({ ...again, difference: again.difference ?? edited.get(record) ?? null });
    }
    for (const [record, difference] of edited)
      if (!newest.includes(record)) found.push({ ...differing(record, difference), isDeleted: false });
    return found;
  }

  private async again(place: VerdictPlace, record: VerdictRecord): Promise<Recomputed> {
    const [known, ...before] = await modelsAt(this.stages.ledger, place.model, record.seq);
    const found = await this.against(place, record, known);
    if (found.difference === null) return found;
    for (const earlier of before) {
      const other = await this.against(place, record, earlier);
      if (other.difference === null) return other;
    }
    return found;
  }

  /** Judged with what was known of the model. */
  private async against(
    place: VerdictPlace,
    record: VerdictRecord,
    known: RegisteredModel,
  ): Promise<Recomputed> {
    const { stages } = this;
    const { track, seq, revision } = record;
    const registered = heldAgainst(known, place.version);
    const { reference, problem } = await this.references.of(registered);
    const wrong = otherReference(reference.baseline, record) ?? problem;
    if (wrong !== null) return { ...differing(record, wrong), isDeleted: false };
    const law = await this.laws.at(stages.ledger, seq);
    const { finding, minutes, own } = await judgeAgain({ stages, place, record, registered, reference }, law);
    const stored = await storedOf(stages, finding, { minutes, own, record });
    const found = firstDifference(finding, record, stored);
    const stretch = { model: place.model, from: place.from, to: finding.due.window.to };
    const lacks = missing(record, stored);
    const gone = found === null ? null : await deletedOf(stages.ledger, stretch, lacks.missing, lacks.taken);
    const window = { stages, place, record, registered, reference };
    const more =
      gone?.isAll === false
        ? ((await this.editedIn(window, finding, stored)) ??
          (gone.isOfDays ? await overdrawn(stages, missingOrderOf(window)) : null))
        : null;
    const difference = gone === null ? found : (more ?? `cannot be judged again: ${gone.why}`);
    const isDeleted = gone !== null && more === null;
    return { track, seq, revision, results: finding.results.length, difference, isDeleted };
  }

  /** What differs in a minute that lacks nothing, by the name of its feature, or rows that were edited: rows that are gone excuse none of them. */
  private async editedIn(
    { place, record, registered: { model }, reference }: Omit<WindowAgain, 'stages'>,
    { due }: Finding,
    now: StoredJudgement,
  ): Promise<string | null> {
    const { profiles } = this.stages;
    const { baseline } = reference;
    const span = { version: place.version, from: place.from, to: due.window.to, widthMs: MINUTE_MS };
    const of = due.track === 'labels' ? 'labels' : 'answers';
    const [stored, again] = await Promise.all([
      profiles.windows(model.key, baseline?.id ?? null, span),
      profiles.minutesFromRows({ model, baseline, rules: due.rules }, span, of),
    ]);
    return editedMinute(due, stored, again) ?? editedRows(record, now);
  }
}

const differing = ({ track, seq, revision }: VerdictRecord, difference: string) => ({ track, seq, revision, results: 0, difference }); // prettier-ignore

const MINUTE_MS = 60_000;

function missingOrderOf(window: WindowAgain): MissingOrder {
  const { place, registered, reference } = window;
  return { model: registered.model, baseline: reference.baseline, rules: rulesOf(window), at: place.from };
}

interface WindowAgain {
  readonly stages: Stages;
  readonly place: VerdictPlace;
  readonly record: VerdictRecord;
  readonly registered: RegisteredModel;
  readonly reference: Reference;
}

async function judgeAgain(
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
function rulesOf({ record, registered, reference: { baseline } }: WindowAgain): readonly Constraint[] {
  return record.holdsWritten ? rulesInForce(registered.model, baseline) : (baseline?.rules ?? []);
}

interface FoundInputs {
  readonly profile: WindowProfile;
  readonly excuse: string | null;
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
  return { ...(near ?? { profile: own, excuse: null, memory: NO_MEMORY, inputs: '' }), minutes, own: all };
}

type Judgeable = Pick<FoundInputs, 'profile' | 'excuse' | 'memory'>;

/** The window's profile with each excuse for a silence, and each number of rows of the whole model, that it may have been judged with. */
function profilesOf(
  window: WindowAgain,
  own: WindowProfile,
  found: readonly VersionRows[] | null,
): readonly Pick<FoundInputs, 'profile' | 'excuse'>[] {
  const { stages, place, record, reference } = window;
  const start = place.from.getTime();
  const order = orderOf(window);
  const said = record.circumstances;
  if (said && (said.modelRows !== undefined || !found)) {
    const rows = said.modelRows === undefined ? {} : { modelRows: said.modelRows };
    return [{ profile: { ...own, ...rows }, excuse: said.excuse }];
  }
  const excuses = said
    ? [said.excuse]
    : own.predictions > 0
      ? [null]
      : [null, excuseOf(stages, order, start)];
  return excuses.flatMap((excuse) => {
    const moment = { reference, start, profile: own, excuse, found: found ?? [] };
    const profiles = found ? [withModelRows(order, moment), own] : [own];
    return profiles.map((profile) => ({ profile, excuse }));
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

/** What the store holds of the same window beside its rows: summaries of minutes, results, and the digest of the memory it left. */
async function storedOf(
  stages: Pick<Stages, 'database' | 'windows' | 'ledger' | 'erasures'>,
  { due }: Finding,
  { minutes, own, record }: Pick<FoundInputs, 'minutes' | 'own'> & Pick<WindowAgain, 'record'>,
): Promise<Parameters<typeof firstDifference>[2]> {
  const { model, version, from, to } = due.window;
  const start = from.getTime();
  const window = { model: due.model, version, track: due.track };
  const rows = record.rows;
  const [looked, results, judged] = await Promise.all([
    rows && lookAgain(stages, window, new Map([[start, { rows, revision: record.revision }]])),
    readResults(stages.database, { model, windows: [{ version, from: start }], feature: null, check: null }),
    stages.windows.judgements({ model, version, track: due.track }, start, to.getTime()),
  ]);
  const summary = profileOf(due.track, minutes, due.rules);
  const stored = results.get(windowKey({ version, from: start })) ?? [];
  const memory = judged.get(start)?.memory ?? null;
  const { now = null, change = null } = looked?.get(start) ?? {};
  const taken = await takenCount(stages, { model, version, track: due.track }, start, record.revision);
  return { summary, rows: own, results: stored, memory, now, change, taken };
}
