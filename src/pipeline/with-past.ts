import type { CheckResult } from '../domain/check-result.js';
import { seenFromOf } from '../domain/incident-course.js';
import type { PastWindow, Verdict } from '../domain/incident.js';
import { isByDay, isJudged, statisticUnit } from '../domain/statistic-text.js';
import type { Window } from '../domain/window.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { incidentKey } from '../incidents/key.js';
import type { Database } from '../store/database.js';
import { sqlSecond } from '../store/sql-time.js';
import type { Finding } from './finding.js';

/** So many windows before the one that found it are read. */
const MOST_BEFORE = 1_000;
const MOST_NUMBERS = 100_000;

interface Sources {
  readonly database: Database;
  readonly incidents: {
    latest(key: string): Pick<IncidentRecord, 'state' | 'course' | 'lastWindowTo'> | undefined;
  };
}

/** A judged window, of which not all are stored. */
type Judged = Pick<Finding, 'results'> & { readonly due: { readonly window: Window } };

/**
 * The finding with what the windows since the estimated start of a change showed of it, where it opens an incident or brings one back, or was judged again and says that an open one began earlier: one window of thirty rows says little of how large it
 * is. `unstored`: windows of the version that were judged and are not stored yet. What was judged, and every digest of it, is the same with and without.
 */
export async function withPast<F extends Pick<Finding, 'due' | 'verdicts'>>(
  { database, incidents }: Sources,
  finding: F,
  unstored: () => readonly Judged[],
): Promise<F> {
  const { window, model } = finding.due;
  const asks = (verdict: Verdict) => {
    const known = incidents.latest(incidentKey(verdict.signal));
    const isOpen = known !== undefined && known.state !== 'CLOSED';
    return isFoundLate(verdict, window) && (!isOpen || maySpeakOfBefore(known, verdict, window));
  };
  const asked = finding.verdicts.filter(asks);
  if (asked.length === 0) return finding;
  const earliest = Math.min(...asked.map(({ since }) => since?.getTime() ?? Infinity));
  const from = Math.max(earliest, window.from.getTime() - MOST_BEFORE * model.window);
  const stored = await readPast(database, window, asked, new Date(from));
  const past = [...stored, ...unstored().flatMap((one) => pastOf(one, window))];
  const verdicts = finding.verdicts.map((verdict) =>
    asked.includes(verdict) ? since(verdict, past) : verdict,
  );
  return { ...finding, verdicts };
}

/** Whether the newest window of what is open was judged again, and puts its beginning before the first window that counts for it. */
function maySpeakOfBefore(
  { course, lastWindowTo }: Pick<IncidentRecord, 'course' | 'lastWindowTo'>,
  { since }: Verdict,
  { from, to, revision }: Window,
): boolean {
  const width = to.getTime() - from.getTime();
  return revision > 0 && to >= lastWindowTo && since !== null && since < seenFromOf(course, width);
}

/** Whether a change began in a window before the one that found it, and is of something that windows say by how much it is off. */
function isFoundLate(
  { outcome, stands, since, restsFrom, effects, signal }: Verdict,
  { from }: Window,
): boolean {
  if (outcome !== 'breach' || stands || since === null || since >= (restsFrom ?? from)) return false;
  return sizedStatistics(effects ?? {}, signal.check).length > 0;
}

/** A distance is no deviation of which the mean says anything, and a day is told when it is over. */
function sizedStatistics(effects: Readonly<Record<string, number>>, check: string): readonly string[] {
  return Object.keys(effects).filter(
    (name) => isJudged(name) && !isByDay(name) && statisticUnit(check, name) !== 'w',
  );
}

/** One number of one window. */
interface PastResult extends Pick<CheckResult, 'check' | 'statistic' | 'n'> {
  readonly feature: string;
  readonly segment: string;
  readonly effect: number;
  /** Epoch ms, of the first and of the last window that it rests on. */
  readonly from: number;
  readonly to: number;
}

function since(verdict: Verdict, all: readonly PastResult[]): Verdict {
  const { signal, effects, statistic } = verdict;
  const start = verdict.since?.getTime() ?? Infinity;
  const names = new Set(sizedStatistics(effects ?? {}, signal.check));
  const isOf = (one: PastResult) =>
    one.from >= start &&
    one.check === signal.check &&
    one.feature === (signal.feature ?? '') &&
    one.segment === signal.segment &&
    names.has(one.statistic);
  const windows = new Map<number, PastWindow>();
  for (const one of all.filter(isOf)) {
    const known = windows.get(one.to);
    windows.set(one.to, {
      from: new Date(Math.min(one.from, known?.from.getTime() ?? Infinity)),
      to: new Date(one.to),
      n: one.statistic === statistic ? one.n : (known?.n ?? one.n),
      effects: { ...known?.effects, [one.statistic]: one.effect },
    });
  }
  const past = [...windows.values()].sort((a, b) => a.from.getTime() - b.from.getTime());
  return past.length === 0 ? verdict : { ...verdict, past };
}

/** What is judged has an effect against what was usual, and so has a number that only rules hear; what still learns has one against nothing. */
const SIZED: ReadonlySet<CheckResult['state']> = new Set(['OK', 'NOTICE', 'ALERT', 'NOT_JUDGED']);

function pastOf({ due, results }: Judged, { version, from: before }: Window): readonly PastResult[] {
  const { window } = due;
  if (window.version !== version || window.from >= before) return [];
  const [from, to] = [window.from.getTime(), window.to.getTime()];
  return results.flatMap(({ check, feature, segment = '', statistic, n, effect, state, restsFrom }) =>
    effect === null || !SIZED.has(state)
      ? []
      : [
          {
            check,
            feature: feature ?? '',
            segment,
            statistic,
            n,
            effect,
            from: restsFrom?.getTime() ?? from,
            to,
          },
        ],
  );
}

async function readPast(
  database: Database,
  { model, version, from: before }: Window,
  asked: readonly Verdict[],
  from: Date,
): Promise<readonly PastResult[]> {
  const list = (of: (verdict: Verdict) => string) => [...new Set(asked.map(of))];
  return database.query<PastResult>(READ, {
    params: {
      model,
      version,
      from: sqlSecond(from),
      before: sqlSecond(before),
      checks: list(({ signal }) => signal.check),
      features: list(({ signal }) => signal.feature ?? ''),
      segments: list(({ signal }) => signal.segment),
      states: [...SIZED],
      most: MOST_NUMBERS,
    },
  });
}

const READ = `SELECT check, feature, segment, statistic, n, effect, toUnixTimestamp(ifNull(rests_from, window_from)) * 1000 AS from, toUnixTimestamp(window_to) * 1000 AS to
  FROM v_check_results
  WHERE model = {model:String} AND version = {version:String} AND window_from >= {from:DateTime64(3)} AND window_from < {before:DateTime64(3)}
    AND check IN {checks:Array(String)} AND feature IN {features:Array(String)} AND segment IN {segments:Array(String)}
    AND state IN {states:Array(String)} AND effect IS NOT NULL
  ORDER BY window_from DESC LIMIT {most:UInt32}`;
