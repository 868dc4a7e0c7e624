import { knownStage } from '../domain/known-stage.js';
import { ON_TRIAL } from '../domain/model.js';
import { isAnswered } from '../registry/is-answered.js';
import type { ModelVersion, RegisteredModel } from '../registry/registry.js';
import { dueBefore, newlyClosed, type DueRun } from '../windows/due-windows.js';
import type { WindowBook } from '../windows/window-book.js';
import type { Stages } from './stages.js';

/** A version has taken over when, in so many of its newest windows, … */
const WINDOWS = 2;
/** … so large a part of the model's rows were its own. */
const SHARE = 0.8;

/** Rows by version in one window. */
export type WindowShares = ReadonlyMap<string, number>;

/** A version that nobody announced, and its newest closed windows with everybody's rows in each. */
export interface Candidate {
  readonly version: string;
  readonly windows: readonly WindowShares[];
}

export interface TakeOver {
  readonly version: string;
  readonly reason: string;
}

/**
 * Which version answers for the model from now on though nobody said so; null where all stays as it is. What a person chose stands: behind a
 * declared champion others are on trial for as long as that is so.
 */
export function decideTakeOver(
  versions: readonly Pick<ModelVersion, 'version' | 'stage' | 'declared' | 'firstSeenAt' | 'championed'>[],
  candidates: readonly Candidate[],
): TakeOver | null {
  const champion = versions.find(({ stage }) => stage === 'champion');
  if (champion?.declared === true) return null;
  if (!isAnswered(versions)) return mostRows(candidates);
  const found = candidates.find(({ version, windows }) => {
    if (windows.length < WINDOWS) return false;
    return windows.every((shares) => {
      const all = [...shares.values()].reduce((sum, rows) => sum + rows, 0);
      return all > 0 && (shares.get(version) ?? 0) >= SHARE * all;
    });
  });
  if (!found || !champion) return null;
  return { version: found.version, reason: `it answers what version ${champion.version} answered before` };
}

function mostRows(candidates: readonly Candidate[]): TakeOver | null {
  const rows = ({ version, windows }: Candidate) => windows.at(-1)?.get(version) ?? 0;
  const [best] = candidates.toSorted((a, b) => rows(b) - rows(a) || (a.version < b.version ? -1 : 1));
  return best ? { version: best.version, reason: 'no other version answers' } : null;
}

/**
 * Of what is due of a version on trial, what comes before it may have taken over: up to the first windows in a row that are all its own. What follows is the
 * model's own answers and has to be judged as such, however much of it waits.
 */
export function dueBeforeTakeOver(
  { book }: Pick<Stages, 'book'>,
  registered: RegisteredModel,
  version: string,
  runs: readonly DueRun[],
): readonly DueRun[] {
  const { model, versions } = registered;
  const own = versions.find((one) => one.version === version);
  const isChosen = versions.some(({ stage, declared }) => stage === 'champion' && declared);
  if (!own || own.declared || !ON_TRIAL.has(own.stage) || isChosen) return runs;
  const others = book.versions(model.key).filter((other) => other !== version);
  const isOwn = (start: number) => others.every((other) => rowsOf(book, registered, other, start) === 0);
  const starts = newlyClosed(runs);
  const last = starts.findIndex(
    (_, i) => i + 1 >= WINDOWS && starts.slice(i + 1 - WINDOWS, i + 1).every(isOwn),
  );
  const end = starts[last + 1];
  return last < 0 || end === undefined ? runs : dueBefore(runs, end);
}

/** Records that a version has taken over, where one has. */
export async function recordTakeOver(
  { book, registry, ledger, replicas }: Pick<Stages, 'ledger' | 'registry' | 'replicas' | 'book'>,
  registered: RegisteredModel,
): Promise<void> {
  const { model, versions } = registered;
  if (versions.length === 0 || (versions.length === 1 && versions[0]?.stage === 'champion')) return;
  const candidates = versions
    .filter(({ stage, declared }) => !declared && stage !== 'champion')
    .map(({ version }) => ({ version, windows: newestShares(book, registered, version) }))
    .filter(({ windows }) => windows.length > 0);
  const found = decideTakeOver(versions, candidates);
  if (!found) return;
  await ledger.transact((now) => {
    replicas.demand(model.key);
    return registry.versionTookOver(model.key, found.version, found.reason, now);
  });
}

function newestShares(
  book: WindowBook,
  registered: RegisteredModel,
  version: string,
): readonly WindowShares[] {
  const { key } = registered.model;
  const others = book.versions(key);
  return book
    .newestWindows(key, version, WINDOWS)
    .map((from) => new Map(others.map((other) => [other, rowsOf(book, registered, other, from)])));
}

/** Rows of a version in a window. What one that answers may still send counts as more than anybody has; what is on trial stands in nobody's way by rows that may come. */
function rowsOf(
  book: WindowBook,
  { model, versions }: RegisteredModel,
  version: string,
  from: number,
): number {
  const rows = book.rowsIn(model.key, version, from);
  return Number.isFinite(rows) || !ON_TRIAL.has(knownStage(versions, version)) ? rows : 0;
}
