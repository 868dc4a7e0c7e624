import { heldAgainst, type RegisteredModel } from '../registry/registry.js';
import type { Finding } from './finding.js';
import { deletedOf } from './deleted-since.js';
import { Laws, modelsAt, newestOfTracks, recordsOf, type VerdictRecord } from './as-recorded.js';
import { takenCount } from './erased-marks.js';
import { lookAgain } from './look-at-rows.js';
import { NoSuchVerdict } from './no-such-verdict.js';
import { overdrawn, type MissingOrder } from './missing-of-day.js';
import { editedMinute, editedRows, firstDifference, missing, otherReference, type StoredJudgement } from './recompute-difference.js'; // prettier-ignore
import type { Recomputed } from './recomputed.js';
import { readingStages } from './reading-stages.js';
import type { Stages } from './stages.js';
import { addedLines, asReviewed, editedLines, lineDifference } from './recompute-line.js';
import { editedResults } from './stored-results.js';
import { profileOf } from './track.js';
import { VerdictReferences } from './verdict-references.js';
import { readResults, windowKey } from './window-reads.js';
import { judgeAgain, rulesOf, type FoundInputs, type VerdictPlace, type WindowAgain } from './judge-again.js';

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
    const stages = readingStages(this.stages);
    const records = await recordsOf(stages.ledger, place);
    const added = await addedLines(stages, place, records);
    if (records.length + added.length === 0)
      throw new NoSuchVerdict(
        `the ledger holds no judgement of ${place.model} ${place.version} for a window from ${place.from.toISOString()}`,
      );
    const edited = new Map([...(await editedLines(stages, place, records)), ...(await editedResults(stages.database, place, records))]); // prettier-ignore
    const found: Recomputed[] = [...added];
    const newest = newestOfTracks(records);
    for (const record of newest) {
      const again = await this.again(stages, place, record);
      const other = edited.get(record);
      // What is gone excuses no stored results that are not those that were recorded.
      found.push(
        other && (again.isDeleted || again.difference === null)
          ? { ...again, difference: other, isDeleted: false }
          : again,
      );
    }
    for (const [record, difference] of edited)
      if (!newest.includes(record)) found.push({ ...differing(record, difference), isDeleted: false });
    const isOther = found.some(({ difference, isDeleted }) => difference !== null && !isDeleted);
    const day = { model: place.model, day: place.from.toISOString().slice(0, 10) };
    if (isOther) this.stages.suspectDays.add({ ...day, at: this.stages.clock.now() });
    return found.map((one) => asReviewed(stages, place, one));
  }

  private async again(stages: Stages, place: VerdictPlace, record: VerdictRecord): Promise<Recomputed> {
    const [known, ...before] = await modelsAt(stages.ledger, place.model, record.seq);
    const found = await this.against(stages, place, record, known);
    if (found.difference === null) return found;
    for (const earlier of before) {
      const other = await this.against(stages, place, record, earlier);
      if (other.difference === null) return other;
    }
    return found;
  }

  /** Judged with what was known of the model. */
  private async against(
    stages: Stages,
    place: VerdictPlace,
    record: VerdictRecord,
    known: RegisteredModel,
  ): Promise<Recomputed> {
    const { track, seq, revision } = record;
    const registered = heldAgainst(known, place.version);
    const { reference, problem } = await this.references.of(registered);
    const wrong = otherReference(reference.baseline, record) ?? problem;
    if (wrong !== null) return { ...differing(record, wrong), isDeleted: false };
    const law = await this.laws.at(stages.ledger, seq);
    const window = { stages, place, record, registered, reference };
    const { finding, minutes, own } = await judgeAgain(window, law);
    const stored = await storedOf(stages, finding, { minutes, own, record });
    const found = firstDifference(finding, record, stored);
    const stretch = { model: place.model, from: place.from, to: finding.due.window.to };
    const lacks = missing(record, stored);
    // What is gone excuses no line of the list of judged windows that says something else.
    const gone =
      found === null || stored.facts !== null
        ? null
        : await deletedOf(stages.ledger, stretch, lacks.missing, lacks.taken);
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
    { stages: { profiles }, place, record, registered: { model }, reference }: WindowAgain,
    { due }: Finding,
    now: StoredJudgement,
  ): Promise<string | null> {
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

/** What the store holds of the same window beside its rows: summaries of minutes, results, and the digest of the memory it left. */
async function storedOf(
  stages: Pick<Stages, 'database' | 'windows' | 'ledger' | 'erasures' | 'recorded'>,
  { due }: Finding,
  { minutes, own, record }: Pick<FoundInputs, 'minutes' | 'own'> & Pick<WindowAgain, 'record'>,
): Promise<Parameters<typeof firstDifference>[2]> {
  const { model, version, from, to } = due.window;
  const start = from.getTime();
  const window = { model: due.model, version, track: due.track };
  const rows = record.rows;
  const place = { model, version, track: due.track };
  const [looked, results, judged, taken] = await Promise.all([
    rows && lookAgain(stages, window, new Map([[start, { rows, revision: record.revision }]])),
    readResults(stages.database, { model, windows: [{ version, from: start }], feature: null, check: null }),
    stages.windows.judgements(place, start, to.getTime()),
    takenCount(stages, place, start, record.revision),
  ]);
  const summary = profileOf(due.track, minutes, due.rules);
  const stored = results.get(windowKey({ version, from: start })) ?? [];
  const line = judged.get(start);
  const memory = line?.memory ?? null;
  const facts = lineDifference(stages, { ...place, from: start, end: to.getTime(), record }, line);
  const { now = null, change = null } = looked?.get(start) ?? {};
  return { summary, rows: own, results: stored, memory, facts, now, change, taken };
}
