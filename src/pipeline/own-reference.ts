import { armingWindows } from '../checks/series.js';
import type { BaselinePeriod, Model } from '../domain/model.js';
import type { RegisteredModel } from '../registry/registry.js';

const DAY = 86_400_000;
/** So long a stretch of a version's own rows is its reference at the most. */
const MOST_MS = 90 * DAY;
/** A version that sees a smaller part of what the busiest other one sees has another volume than it will have. */
const WHOLE_SHARE = 0.5;

/** A closed window, epoch ms, with the rows of a version and those of the busiest other one. */
export interface SharedWindow {
  readonly from: number;
  readonly own: number;
  readonly other: number;
}

/** What decides what a version that took over is held against. */
export interface OwnFacts {
  readonly model: Pick<Model, 'window' | 'season'>;
  readonly version: string;
  /** Closed windows since its first row, ascending. */
  readonly windows: readonly SharedWindow[];
  /** When the data were faulty; half-open, merged, ascending. */
  readonly faults: readonly { readonly from: string; readonly to: string }[];
  /** The data that the run that made it learnt from; null where they are not in the store. */
  readonly learntFrom: BaselinePeriod | null;
  /** It is held against what it learnt from by now. */
  readonly hasInputs: boolean;
  /** No incident of the version is open: nothing that is wrong becomes normal. */
  readonly isCalm: boolean;
}

/** A reference to be frozen now (null: none), and how far the version's own rows are from being one. */
export interface OwnReference {
  readonly source: BaselinePeriod | null;
  readonly learnt: number;
  readonly needed: number;
}

/** What was found when a version was last looked at, and up to which window. */
export interface OwnLook extends Pick<OwnReference, 'learnt' | 'needed'> {
  readonly closedTo: number | null;
}

/**
 * What a version that took over is to be held against. Its own rows, also those in shadow, as soon as they cover two of the longest seasons and
 * arm a series; until then the inputs that it was trained on, where the store
 * has as many of them; else it goes on against the reference of the model. Faulty times are left out of both. Pure.
 */
export function ownReference(facts: OwnFacts): OwnReference {
  const { model, learntFrom, hasInputs, isCalm } = facts;
  const needed = windowsNeeded(model);
  const stretch = stretchOf(facts);
  const learnt = Math.min(needed, stretch.filter(({ from }) => !isFaulty(facts, from)).length);
  const isWhole = learnt >= needed && (!hasInputs || isCalm);
  const inputs = hasInputs || !learntFrom || windowsIn(learntFrom, model.window) < needed ? null : learntFrom;
  const source = isWhole ? periodOf(facts, stretch) : inputs;
  return { source, learnt, needed };
}

/** Whole windows of a period that are not left out. */
function windowsIn({ since, until, exclude = [] }: BaselinePeriod, width: number): number {
  const span = (from: Date, to: Date) => to.getTime() - from.getTime();
  const without = exclude.reduce((sum, { from, to }) => sum + span(from, to), 0);
  return Math.floor((span(since, until) - without) / width);
}

function windowsNeeded({ window, season }: OwnFacts['model']): number {
  const days = season === 'none' ? 0 : season === 'day' ? 2 : 14;
  return Math.max(armingWindows(window), Math.ceil((days * DAY) / window));
}

/** The newest windows in which the version saw what the model is asked. */
function stretchOf({ model, windows }: OwnFacts): readonly SharedWindow[] {
  const partly = windows.findLastIndex(({ own, other }) => own < WHOLE_SHARE * other);
  const whole = windows.slice(partly + 1);
  const end = whole.at(-1)?.from ?? 0;
  return whole.filter(({ from }) => from > end - MOST_MS + model.window - 1);
}

function isFaulty({ model, faults }: OwnFacts, from: number): boolean {
  return faults.some((one) => Date.parse(one.from) < from + model.window && Date.parse(one.to) > from);
}

function periodOf(
  { model, version, faults }: OwnFacts,
  stretch: readonly SharedWindow[],
): BaselinePeriod | null {
  const [first, last] = [stretch[0], stretch.at(-1)];
  if (!first || !last) return null;
  const [since, until] = [first.from, last.from + model.window];
  const exclude = faults
    .map((one) => ({ from: new Date(one.from), to: new Date(one.to) }))
    .filter(({ from, to }) => from.getTime() < until && to.getTime() > since);
  const without = exclude.length === 0 ? {} : { exclude };
  return { since: new Date(since), until: new Date(until), version, ...without };
}

/**
 * Whether a version is to have a reference of its own: it answers in the place of an earlier one, somebody said what it was trained on, and
 * nobody pinned a reference for the model since it took over. One of which nobody knows what it was trained on is held against the model's.
 */
export function wantsOwn(
  { baseline, versions, ownBaselines }: RegisteredModel,
  version: string,
  isTrained: () => boolean,
): boolean {
  const found = versions.find((one) => one.version === version);
  const since = found?.answersSince;
  if (!baseline || !since || found.stage !== 'champion' || baseline.pinnedAt >= since) return false;
  const isSuccessor = versions.some(({ answersSince }) => answersSince !== null && answersSince < since);
  const own = ownBaselines.get(version);
  if (!isSuccessor || (own && !isOfInputs(own.source))) return false;
  return found.record?.record.trainingData !== undefined || isTrained();
}

/** Whether a reference says nothing of outputs and performance. */
export function isOfInputs(source: RegisteredModel['model']['baseline'] | null): boolean {
  return source !== null && source !== undefined && 'since' in source && source.inputsOnly === true;
}
