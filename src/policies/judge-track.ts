import { onlyInforms, type CheckResult, type CheckState } from '../domain/check-result.js';
import type { CompiledLevel, CompiledRule } from './compiled-policy.js';
import type { Facts, Truth } from './expression.js';
import type { RuleMemory } from './policy-state.js';

export interface TrackVerdict {
  readonly outcome: 'breach' | 'elevated' | 'clear' | 'hold';
  /** The level that is breached; null for other outcomes. */
  readonly level: CompiledLevel | null;
  /** For as many windows as it accepts the rule has had no answer. */
  readonly blind: boolean;
  /** The rule was still owed clear windows when this window came. */
  readonly owing: boolean;
  readonly track: RuleMemory;
}

/**
 * One rule on one result (null: the statistic was expected and is absent), given what the rule remembers. A result that was not computed,
 * or rests on too few rows, is never clear: it holds, and after `blind.windows` of them in a row the rule cannot see. Windows that something
 * else `explains` do not count.
 */
export function judgeTrack(
  rule: CompiledRule,
  measured: { readonly result: CheckResult; readonly facts: Facts } | null,
  before: RuleMemory | null,
  explained = false,
): TrackVerdict {
  const memory: RuleMemory = before ?? { marks: [], blind: 0, owes: 0 };
  const state = judgedState(rule, measured?.result ?? null);
  if (!measured || state !== 'JUDGED')
    return notJudged(rule, memory, explained ? null : state === 'JUDGED' ? 'INDETERMINATE' : state);
  const { facts } = measured;
  const truths = rule.levels.map((level) => level.when(facts));
  if (truths.every((truth) => truth === null))
    return notJudged(rule, memory, explained ? null : 'INDETERMINATE');

  const marks = rule.levels.map((level, i) => mark(level, memory.marks[i] ?? '', truths[i] ?? null));
  const breached = rule.levels.find((level, i) => truths[i] === true && persists(level, marks[i] ?? ''));
  const outcome = breached ? 'breach' : quietOutcome(rule, truths, facts);
  return {
    outcome,
    level: breached ?? null,
    blind: false,
    owing: memory.owes > 0,
    track: {
      marks: rule.levels.map((level, i) => trimmed(level, marks[i] ?? '')),
      blind: 0,
      owes: owed(rule, outcome, memory.owes),
    },
  };
}

type Judged = 'JUDGED' | Exclude<CheckState, 'OK' | 'NOTICE' | 'ALERT'>;

function judgedState(rule: CompiledRule, result: CheckResult | null): Judged {
  if (!result) return 'INDETERMINATE';
  const { state } = result;
  // A number that informs is judged by whoever names it, whatever the engine makes of its subject.
  const isNumber = onlyInforms(result.check, result.statistic) && result.value !== null;
  if (isNumber) return result.n < rule.minRows ? 'INSUFFICIENT' : 'JUDGED';
  if (state !== 'OK' && state !== 'NOTICE' && state !== 'ALERT') return state;
  return result.n < rule.minRows ? 'INSUFFICIENT' : 'JUDGED';
}

function notJudged(
  rule: CompiledRule,
  memory: RuleMemory,
  state: Exclude<Judged, 'JUDGED'> | null,
): TrackVerdict {
  const counts = state !== null && (rule.blind?.states.includes(state) ?? false);
  const run = memory.blind + (counts ? 1 : 0);
  const blind = counts && rule.blind !== null && run >= rule.blind.windows;
  const marks = rule.levels.map((level, i) => (level.gaps === 'reset' ? '' : (memory.marks[i] ?? '')));
  return {
    outcome: 'hold',
    level: null,
    blind,
    owing: memory.owes > 0,
    track: { marks, blind: run, owes: memory.owes },
  };
}

function quietOutcome(
  rule: CompiledRule,
  truths: readonly Truth[],
  facts: Facts,
): 'elevated' | 'clear' | 'hold' {
  if (truths.includes(true)) return 'elevated';
  if (truths.includes(null)) return 'hold';
  const clear = rule.clear(facts);
  return clear === null ? 'hold' : clear ? 'clear' : 'elevated';
}

function mark(level: CompiledLevel, marks: string, truth: Truth): string {
  if (truth === null) return level.gaps === 'reset' ? '' : marks;
  return (marks + (truth ? '1' : '0')).slice(-level.of);
}

function persists(level: CompiledLevel, marks: string): boolean {
  return marks.replaceAll('0', '').length >= level.windows;
}

/** Only marks that can still matter: the newest `of` − 1, from the first breach on. */
function trimmed(level: CompiledLevel, marks: string): string {
  return level.of === 1 ? '' : marks.slice(-(level.of - 1)).replace(/^0+/, '');
}

function owed(rule: CompiledRule, outcome: TrackVerdict['outcome'], before: number): number {
  if (outcome === 'breach') return rule.clearAfter;
  if (outcome === 'elevated') return before > 0 ? rule.clearAfter : 0;
  return outcome === 'clear' ? Math.max(0, before - 1) : before;
}
