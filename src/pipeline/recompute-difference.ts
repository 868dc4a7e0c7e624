import { seriesKey } from '../checks/series.js';
import { minuteText } from '../domain/wording.js';
import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { PendingRows } from '../checks/series-state.js';
import type { WindowProfile } from '../domain/profile.js';
import type { VerdictRecord } from './as-recorded.js';
import type { ErasedCount } from './deleted-since.js';
import { asSummarised } from './as-summarised.js';
import type { Finding } from './finding.js';
import type { Memory } from './judgement.repository.js';
import type { RowsChange, RowsNow } from './judged-rows.js';
import { profileOf } from './track.js';
import { digestOf, namesOfPolicies } from './window-entry.js';
import { memoryDigest } from './window-inputs.js';

/** What the store holds of a judged window beside its rows. */
export interface StoredJudgement {
  readonly summary: WindowProfile;
  /** What its rows and labels give now, whatever of it the judgement had. */
  readonly rows: WindowProfile;
  readonly results: readonly CheckResult[];
  /** Digest of the memory it left; null where it is not stored. */
  readonly memory: string | null;
  /** What the list of judged windows says otherwise than the record, in words; null where nothing is. */
  readonly facts: string | null;
  /** Its rows, and how they stand to what they were when it was judged; null where the record does not say. */
  readonly now: RowsNow | null;
  readonly change: RowsChange | null;
  /** How many of them went with people who were erased. */
  readonly taken: ErasedCount;
}

/** The first thing in which a window that was judged again differs from what was recorded and from what is stored, in words; null where nothing does. */
export function firstDifference(
  finding: Finding,
  record: VerdictRecord,
  stored: StoredJudgement,
): string | null {
  const { due, results } = finding;
  const rows = profileOf(due.track, stored.rows, due.rules);
  return (
    stored.facts ??
    unequal('predictions', record.predictions, due.profile.predictions) ??
    (due.track === 'labels' ? unequal('labels', record.labelled, due.profile.performance.labelled) : null) ??
    ofSummary(stored.summary, rows) ??
    ofRows(record.rows, stored) ??
    ofResults(stored.results, results, record) ??
    unequal('digest of what the judgement depended on', record.inputs, due.inputs) ??
    unequal('digest of the results', record.digest, digestAgain(finding, record)) ??
    unequal('policies', record.policies.join(', '), policiesAgain(finding, record).join(', ')) ??
    (stored.memory === null
      ? null
      : unequal(
          'digest of the memory that it left',
          stored.memory,
          memoryDigest(memoryAgain(finding, record)),
        ))
  );
}

/** Older releases named those alone whose verdict counted. */
function policiesAgain({ policies, verdicts }: Finding, { namesAll }: VerdictRecord): readonly string[] {
  return namesAll ? policies : namesOfPolicies(verdicts.map(({ policy }) => policy));
}

/** Older releases did not keep what results are read as. */
function digestAgain({ results, digest }: Finding, { interprets }: VerdictRecord): string {
  return interprets ? digest : digestOf(results.map(withoutInterpretation));
}

/** Nor in what they left, which did not say either since when rows wait. */
function memoryAgain({ memory }: Finding, { knowsWaits, interprets }: VerdictRecord): Memory {
  const { checks } = memory;
  if (!checks) return memory;
  const { daily, pending } = checks;
  const dated = (rows: PendingRows) => (knowsWaits ? rows : undated(rows));
  const days = daily && {
    ...daily,
    series: daily.series && { ...daily.series, pending: dated(daily.series.pending) },
    results: interprets ? daily.results : daily.results.map(withoutInterpretation),
  };
  return { ...memory, checks: { ...checks, pending: dated(pending), ...(days ? { daily: days } : {}) } };
}

function undated({ since: _since, ...rows }: PendingRows): PendingRows {
  return rows;
}

function withoutInterpretation<R extends Pick<CheckResult, 'readAs'>>({ readAs: _readAs, ...rest }: R): Omit<R, 'readAs'> {
  return rest;
} // prettier-ignore

function unequal(what: string, recorded: number | string, again: number | string): string | null {
  return recorded === again ? null : `${what}: recorded ${recorded}, again ${again}`;
}

/** Rows against the summary they gave: an edited row shows in its feature. */
function ofSummary(stored: WindowProfile, rows: WindowProfile): string | null {
  for (const name of namesOf(stored.features, rows.features)) {
    const [before, now] = [JSON.stringify(stored.features[name]), JSON.stringify(rows.features[name])];
    if (before !== now)
      return `rows: feature ${name} was summarised as ${before ?? 'nothing'}, its rows give ${now ?? 'nothing'}`;
  }
  for (const name of Object.keys(stored.measures).sort()) {
    const [before, now] = [JSON.stringify(stored.measures[name]), JSON.stringify(rows.measures[name])];
    if (before !== now)
      return `rows: rule ${name} was measured as ${before ?? 'nothing'}, its rows give ${now ?? 'nothing'}`;
  }
  const [before, now] = [partsOf(stored.performance), partsOf(rows.performance)];
  const name = namesOf(before, now).find((one) => before[one] !== now[one]);
  return name === undefined ? null : `labels: ${name} was summarised as ${before[name] ?? 'nothing'}, rows and labels give ${now[name] ?? 'nothing'}`; // prettier-ignore
}

/** That rows or labels were edited where they lie, in words: what is gone beside them excuses none of it. Null where none was. */
export function editedRows({ rows }: VerdictRecord, stored: StoredJudgement): string | null {
  return stored.change?.kind === 'changed' ? ofRows(rows, stored) : null;
}

/** What no summary shows: a feature that is not watched, or rows whose summary was made again. */
function ofRows(judged: VerdictRecord['rows'], { now, change, taken }: StoredJudgement): string | null {
  if (!judged || !now || !change || (change.kind !== 'changed' && change.kind !== 'gone')) return null;
  const { of, kind, gone } = change;
  const [was, is] = of === 'rows' ? [judged.rows, now.rows] : [judged.labels, now.labels];
  const count = was?.count ?? 0;
  if (kind === 'gone') return `${of}: ${gone} of the ${count} that it was judged on are not there any more`;
  if (change.isUnmarked)
    return `${of}: they are not those that it was judged on, and what these were known by, beside the window, is not what the ledger names: somebody wrote the store`;
  const again = of === 'rows' && now.rows.before.count === count ? now.rows.before.digest : is?.digest;
  const digests = `their digest is recorded as ${was?.digest ?? ''}, again ${again ?? ''}`;
  const there = of === 'rows' ? now.rows.before.count : Math.min(count, is?.count ?? 0);
  return `${of}: ${otherText(count, there, taken)}, and those that are others did not come since: ${digests}`;
}

/** How many of what a window was judged on are there, and that they are not those. */
function otherText(count: number, there: number, taken: ErasedCount): string {
  const who = taken.seq === null ? 'who are being erased' : `who were erased, as entry ${taken.seq} says`;
  const went = taken.rows === 0 ? '' : `${taken.rows} went with people ${who}, `;
  const more = there - (count - taken.rows);
  if (taken.rows > 0 && more > 0)
    return `of the ${count} that it was judged on ${went}and ${there} are there, ${more} more than are left: they are others now`;
  if (there >= count) return `the ${count} that it was judged on are others now`;
  return `of the ${count} that it was judged on ${went}${there} are there, and not all of these are as they were`;
}

/** What labels say, number by number, as texts that are the same where the numbers are. */
function partsOf(performance: WindowProfile['performance']): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(performance).map(([name, value]) => [name, JSON.stringify(value)]),
  );
}

function namesOf(...records: readonly object[]): readonly string[] {
  return [...new Set(records.flatMap((one) => Object.keys(one)))].sort();
}

/** Stored results, where their digest is not the recorded one: the first that differs. */
function ofResults(
  stored: readonly CheckResult[],
  again: readonly CheckResult[],
  { track }: VerdictRecord,
): string | null {
  const key = ({ check, feature, statistic, segment }: CheckResult) =>
    seriesKey(check, feature, statistic, segment);
  const known = new Map(stored.map((one) => [key(one), one]));
  for (const one of again) {
    const other = known.get(key(one));
    if (!other) return `result ${placeText(one)} (${track}): is not stored`;
    for (const field of ['value', 'n', 'state', 'evidence', 'effect'] as const) {
      const [was, is] = [finite(other[field]), finite(one[field])];
      if (was !== is)
        return `result ${placeText(one)}: ${field} is stored as ${String(was)}, again ${String(is)}`;
    }
  }
  return null;
}

function placeText({ check, feature, statistic, segment }: CheckResult): string {
  return [check, feature ?? '', statistic, ...(segment === undefined ? [] : [segment])].join(' ');
}

function finite(value: number | string | null): number | string | null {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

/**
 * The first thing in which minutes that have as many rows as they were summarised from differ from that, in words; null where nothing does. By
 * the start of the minute, epoch seconds. A row that was edited in the very minute of one that is gone does not show.
 */
export function editedMinute(
  { track, rules }: Finding['due'],
  stored: ReadonlyMap<number, WindowProfile>,
  again: ReadonlyMap<number, WindowProfile>,
): string | null {
  for (const [start, rows] of again) {
    const summary = stored.get(start);
    if (!summary) return `rows: nothing was summarised of ${minuteText(new Date(start * 1000))} UTC, there are ${rows.predictions} rows`;
    if (rows.predictions < summary.predictions) continue;
    const own = asSummarised(rows, summary);
    const found = ofSummary(profileOf(track, summary, rules), profileOf(track, own, rules));
    if (found !== null) return `${found} (${minuteText(new Date(start * 1000))} UTC)`;
  }
  return null;
} // prettier-ignore

/**
 * Rows of the window, or labels of it, that were there when it was judged and are not now, and how many of them may be of people who were erased. Where marks tell that
 * others are gone than those, of the others.
 */
export function missing(
  { track, predictions, labelled }: VerdictRecord,
  { rows, change, taken }: StoredJudgement,
): { readonly missing: number; readonly taken: ErasedCount } {
  if (change?.isMarked && change.gone > 0) return { missing: change.gone, taken: { rows: 0, seq: null } };
  const fewer = predictions - rows.predictions;
  const labels = track === 'labels' ? labelled - rows.performance.labelled : 0;
  return { missing: Math.max(0, fewer, labels, change?.erased ?? 0), taken };
}

/** That the reference in force is not the one of the record, in words; null where it is. */
export function otherReference(
  baseline: Baseline | null,
  { baseline: recorded }: VerdictRecord,
): string | null {
  const fingerprint = baseline?.fingerprint ?? null;
  if (fingerprint === recorded) return null;
  return `reference: recorded ${recorded ?? 'none'}, in force at that time ${fingerprint ?? 'none'}`;
}
