import { someOf } from '../domain/wording.js';
import type { CheckName } from '../domain/check-result.js';
import { SEVERITIES, type Severity, type Verdict } from '../domain/incident.js';
import type { Window } from '../domain/window.js';
import type { CompiledPolicy, CompiledRule } from './compiled-policy.js';
import type { TrackVerdict } from './judge-track.js';
import type { PolicyState, SignalMemory } from './policy-state.js';

/** Where the memory of blindness stands among the signals; no check of a feature is called so. */
export const BLINDNESS = 'monitoring';

/** A rule that has had no answer for as long as it accepts, and about what. */
export interface BlindRule {
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
  readonly verdict: TrackVerdict;
  readonly signal: {
    readonly check: CheckName;
    readonly feature: string | null;
    readonly segment?: string;
  };
}

interface Seen {
  readonly verdict: Verdict | null;
  readonly memory: SignalMemory | null;
}

const NOTHING: Seen = { verdict: null, memory: null };
const NAMED = 3;

/**
 * That a model is not seen in full, told once for all its signals: what they lack has one cause more often than many. `waiting`: a signal still
 * has no answer, or something else says why this window has none; then nothing is over.
 */
export function judgeBlindness(
  policies: readonly CompiledPolicy[],
  {
    blind,
    state,
    window,
    waiting,
  }: {
    readonly blind: readonly BlindRule[];
    readonly state: PolicyState | null;
    readonly window: Window;
    readonly waiting: boolean;
  },
): Seen {
  const before = state?.signals[BLINDNESS] ?? null;
  const [lead] = blind.toSorted((a, b) => rank(severityOf(b)) - rank(severityOf(a)));
  if (lead) {
    const owes = Math.max(...blind.map(({ rule }) => rule.clearAfter));
    const memory = remember(lead, owes);
    return {
      memory,
      verdict: { ...about(lead, window), ...told(blind, lead, window), outcome: 'breach', clearAfter: owes },
    };
  }
  if (!before || waiting) return { verdict: null, memory: before };
  return recovering(policies, before, window);
}

function recovering(policies: readonly CompiledPolicy[], before: SignalMemory, window: Window): Seen {
  const [key, track] = Object.entries(before.tracks)[0] ?? [];
  const [policyId, ruleId] = key?.split('/') ?? [];
  const policy = policies.find(({ id }) => id === policyId) ?? policies[0];
  const rule = policy?.rules.find(({ id }) => id === ruleId) ?? policy?.rules[0];
  if (!policy || !rule || !track || track.owes === 0) return NOTHING;
  const verdict: Verdict = {
    ...about({ policy, rule }, window),
    outcome: 'clear',
    severity: 'info',
    state: 'OK',
    summary: 'every signal has an answer again',
    channels: [],
    clearAfter: track.owes,
  };
  return { verdict, memory: track.owes > 1 ? remember({ policy, rule }, track.owes - 1) : null };
}

type Law = Pick<BlindRule, 'policy' | 'rule'>;

function remember({ policy, rule }: Law, owes: number): SignalMemory {
  const key = `${policy.id}/${rule.id}/${BLINDNESS}`;
  return { check: 'monitoring', feature: null, tracks: { [key]: { marks: [], blind: 0, owes } } };
}

function about({ policy, rule }: Law, window: Window) {
  return {
    signal: { model: window.model, version: window.version, check: 'monitoring', segment: '', feature: null },
    policy: { id: policy.id, version: policy.version, hash: policy.hash, rule: rule.id },
    statistic: 'answers',
    value: null,
    effect: null,
    since: null,
    n: 0,
    retrain: false,
  } as const;
}

function told(blind: readonly BlindRule[], lead: BlindRule, { from, to }: Window) {
  const names = [...new Set(blind.map(({ signal }) => nameOf(signal)))];
  const windows = Math.max(...blind.map(({ verdict }) => verdict.track.blind));
  return {
    severity: severityOf(lead),
    state: 'INDETERMINATE',
    since: new Date(from.getTime() - (windows - 1) * (to.getTime() - from.getTime())),
    summary: `no answer for ${windows} windows about ${someOf(names, NAMED)}: the monitor is blind there`,
    channels: [...new Set(blind.flatMap(({ rule }) => rule.channels))].sort(),
  } as const;
}

function nameOf({ check, feature, segment }: BlindRule['signal']): string {
  const words = check.replaceAll('_', ' ');
  const subject = feature ?? segment;
  return subject === undefined ? words : `${words} of ${subject}`;
}

function severityOf({ policy, rule }: BlindRule): Severity {
  const severity = rule.blind?.severity ?? 'warning';
  return policy.enforcement === 'warn' && severity === 'critical' ? 'warning' : severity;
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
