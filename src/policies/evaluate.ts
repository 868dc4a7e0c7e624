import { DATA_FAULTS, onlyInforms, repeats, type CheckName, type CheckResult } from '../domain/check-result.js'; // prettier-ignore
import { isDetector } from '../domain/detector.js';
import { SEVERITIES, type Severity, type Verdict } from '../domain/incident.js';
import type { Model } from '../domain/model.js';
import { isByDay } from '../domain/statistic-text.js';
import type { Window } from '../domain/window.js';
import { concerns, concernsSignal } from './concerns.js';
import { BLINDNESS, judgeBlindness, type BlindRule } from './blindness.js';
import type { CompiledPolicy, CompiledRule } from './compiled-policy.js';
import type { Facts } from './expression.js';
import { modelFacts, resultFacts } from './facts.js';
import { judgeTrack, type TrackVerdict } from './judge-track.js';
import type { PolicyState, SignalMemory, RuleMemory } from './policy-state.js';
import { subjectKey, subjectOf, type SignalSubject } from './signal-subject.js';
import { readBeside, saidTogether, summaryText } from './summary-text.js';

export interface PolicyInput {
  readonly model: Model;
  readonly window: Window;
  readonly results: readonly CheckResult[];
  /** What was returned for the previous window of this model version; null for the first. */
  readonly state: PolicyState | null;
  /** Predictions in the window: of one without any nothing can have an answer, and that is for others to say. */
  readonly predictions?: number;
  /** The window is rightly empty: what was not computed is not missed, and what is remembered stands. */
  readonly excused?: boolean;
}

export interface PolicyOutput {
  /** One for every signal (check × feature) that a policy speaks about. */
  readonly verdicts: readonly Verdict[];
  /** Breaches of policies under `dryrun`: to be recorded, never to be acted on. */
  readonly dryRun: readonly Verdict[];
  /** To be kept beside the series state and handed in with the next window. */
  readonly state: PolicyState;
}

/**
 * What the policies make of one window's results. Pure: the same input gives the same output, so a revision is judged by starting from the
 * state before its window. The most severe breach of a signal wins; a signal is clear only when nothing is breached or elevated and every
 * rule that is owed a clear window could be computed.
 */
export function evaluatePolicies(policies: readonly CompiledPolicy[], input: PolicyInput): PolicyOutput {
  const model = modelFacts(input.model);
  const applying = policies.filter((policy) => policy.appliesTo({ model }) !== false);
  const signals: Record<string, SignalMemory> = {};
  const verdicts: Verdict[] = [];
  const dryRun: Verdict[] = [];
  const blind: BlindRule[] = [];
  const explains = explanations(input);
  let waiting = explains(null);
  const heard = input.excused ? { ...input, results: input.results.filter(isComputed) } : input;
  for (const signal of gather(heard, model)) {
    const explained = explains(signal);
    const judged = applying.flatMap((policy) => judgeSignal(policy, signal, explained));
    const tracks = remembered(judged);
    if (Object.keys(tracks).length > 0) signals[signal.key] = { ...subjectOf(signal), tracks };
    const inForce = judged.filter((one) => one.policy.enforcement !== 'dryrun');
    for (const one of inForce) {
      if (one.verdict.blind) blind.push({ ...one, signal });
      waiting ||= one.verdict.track.blind > 0;
    }
    const verdict = combine(inForce, signal, input.window);
    if (verdict) verdicts.push(verdict);
    const rehearsed = judged.filter((one) => one.policy.enforcement === 'dryrun');
    const would = combine(rehearsed, signal, input.window);
    if (would?.outcome === 'breach') dryRun.push(would);
  }
  const seen = judgeBlindness(applying, {
    blind,
    state: input.state,
    window: input.window,
    waiting,
  });
  if (seen.verdict) verdicts.unshift(seen.verdict);
  if (seen.memory) signals[BLINDNESS] = seen.memory;
  const standing = input.excused ? input.state?.signals : {};
  return { verdicts, dryRun, state: { v: 1, signals: { ...standing, ...signals } } };
}

/** All results of one check on one feature or segment, with what is remembered of them. */
interface SignalResults extends SignalSubject {
  readonly key: string;
  readonly results: readonly Measured[];
  readonly memory: SignalMemory | null;
}

/** A result with what expressions may ask of it, made once for all rules. */
interface Measured {
  readonly result: CheckResult;
  readonly facts: Facts;
}

interface Judged {
  readonly policy: CompiledPolicy;
  readonly rule: CompiledRule;
  readonly statistic: string;
  readonly result: CheckResult | null;
  readonly verdict: TrackVerdict;
}

function isComputed({ state }: CheckResult): boolean {
  return state !== 'INSUFFICIENT' && state !== 'INDETERMINATE';
}

/**
 * Whether something else says already why a signal has no answer: a window without rows, or one whose freshness or volume alerts, explains all of
 * them (null), a fault in the data of a feature those of the feature.
 */
function explanations({ results, predictions }: PolicyInput): (signal: SignalResults | null) => boolean {
  const alerting = results.filter(({ state }) => state === 'ALERT');
  const whole =
    predictions === 0 ||
    alerting.some(({ check }) => check === 'freshness' || check === 'volume') ||
    results.some(({ check, n }) => check === 'volume' && n === 0);
  const faulty = new Set(alerting.flatMap(({ check, feature }) => (DATA_FAULTS.has(check) ? [feature] : [])));
  return (signal) => whole || (signal !== null && signal.feature !== null && faulty.has(signal.feature));
}

function gather(
  { results, state, model, excused = false }: PolicyInput,
  modelIs: Facts['model'],
): readonly SignalResults[] {
  const byKey = new Map<string, Measured[]>();
  for (const result of results) {
    const key = subjectKey(result);
    const measured = { result, facts: { model: modelIs, result: resultFacts(result, model) } };
    const known = byKey.get(key);
    if (known) known.push(measured);
    else byKey.set(key, [measured]);
  }
  // A signal that is remembered and absent was not computed; it must be heard as such, not forgotten.
  const missed = excused ? [] : Object.keys(state?.signals ?? {}).filter((key) => key !== BLINDNESS);
  for (const key of missed) if (!byKey.has(key)) byKey.set(key, []);
  return [...byKey].map(([key, group]) => {
    const memory = state?.signals[key] ?? null;
    const first = group[0]?.result;
    const check = first?.check ?? (memory?.check as CheckName);
    const feature = first?.feature ?? memory?.feature ?? null;
    const segment = first?.segment ?? memory?.segment;
    const subject = { check, feature, ...(segment === undefined ? {} : { segment }) };
    return { key, ...subject, results: group, memory };
  });
}

function judgeSignal(policy: CompiledPolicy, signal: SignalResults, explained: boolean): readonly Judged[] {
  return policy.rules
    .filter((rule) => concernsSignal(rule, signal))
    .flatMap((rule) =>
      statisticsOf(policy, rule, signal).map((statistic) => {
        const measured = signal.results.find((one) => one.result.statistic === statistic) ?? null;
        const before = signal.memory?.tracks[trackKey(policy, rule, statistic)] ?? null;
        return {
          policy,
          rule,
          statistic,
          result: measured?.result ?? null,
          verdict: judgeTrack(rule, measured, before, explained),
        };
      }),
    );
}

/** Statistics present in the window, and those the rule remembers but misses. What only informs, or was asked for by a rule, is heard where the rule names it. */
function statisticsOf(policy: CompiledPolicy, rule: CompiledRule, signal: SignalResults): readonly string[] {
  const prefix = trackKey(policy, rule, '');
  const remembered = Object.keys(signal.memory?.tracks ?? {}).filter((key) => key.startsWith(prefix));
  const names = new Set([
    ...signal.results.map((one) => one.result.statistic),
    ...remembered.map((key) => key.slice(prefix.length)),
  ]);
  const speaks = (statistic: string) =>
    rule.statistics.length > 0 ||
    (!isDetector(statistic) && (!onlyInforms(signal.check, statistic) || isNotable(signal, statistic)));
  return [...names].filter((statistic) => concerns(rule.statistics, statistic) && speaks(statistic));
}

/** A distance is as notable as what the engine judges of the feature, which speaks for itself. */
function isNotable({ check, results }: SignalResults, statistic: string): boolean {
  const notable = ({ state }: CheckResult) => state === 'NOTICE' || state === 'ALERT';
  const own = results.filter(({ result }) => result.statistic === statistic);
  return !repeats(check, statistic) && own.some(({ result }) => notable(result));
}

function trackKey(policy: CompiledPolicy, rule: CompiledRule, statistic: string): string {
  return `${policy.id}/${rule.id}/${statistic}`;
}

function remembered(judged: readonly Judged[]): Readonly<Record<string, RuleMemory>> {
  const kept = judged.filter(
    ({ verdict: { track } }) =>
      track.owes > 0 || track.blind > 0 || track.marks.some((marks) => marks !== ''),
  );
  return Object.fromEntries(
    kept.map((one) => [trackKey(one.policy, one.rule, one.statistic), one.verdict.track]),
  );
}

function combine(judged: readonly Judged[], signal: SignalResults, window: Window): Verdict | null {
  const outcome = combinedOutcome(judged);
  if (outcome === null) return null;
  const speaking = judged.filter((one) => one.verdict.outcome === outcome);
  const lead = [...speaking].sort(bySeriousness)[0];
  if (!lead) return null;
  const breaching = outcome === 'breach' ? speaking : [];
  const explainedBy = explanationOf(breaching);
  const found = breaching.map(({ result }) => result);
  return {
    signal: {
      model: window.model,
      version: window.version,
      check: signal.check,
      segment: signal.segment ?? '',
      feature: signal.feature,
    },
    outcome,
    severity: severityOf(lead),
    state: lead.result?.state ?? 'INDETERMINATE',
    policy: { id: lead.policy.id, version: lead.policy.version, hash: lead.policy.hash, rule: lead.rule.id },
    statistic: lead.statistic,
    value: lead.result?.value ?? null,
    effect: lead.result?.effect ?? null,
    since: lead.result?.since ?? null,
    n: lead.result?.n ?? 0,
    summary: saidTogether(summaryText({ ...lead, signal, outcome }), lead.result, found),
    channels: [
      ...new Set(breaching.flatMap((one) => one.verdict.level?.channels ?? one.rule.channels)),
    ].sort(),
    retrain: breaching.some(
      (one) => one.policy.enforcement === 'enforce' && (one.verdict.level?.retrain ?? false),
    ),
    clearAfter: Math.max(
      ...judged
        .filter((one) => one.verdict.owing || one.verdict.track.owes > 0)
        .map((one) => one.rule.clearAfter),
      1,
    ),
    ...(outcome === 'breach' ? { effects: effectsOf(breaching) } : {}),
    ...restsOf(lead),
    ...readBeside(outcome, lead.result),
    ...(merelyStands(lead.result) ? { stands: true } : {}),
    ...(explainedBy.length > 0 ? { explainedBy } : {}),
  };
}

/** Which windows a finding rests on; a day is told as one. */
function restsOf({ statistic, result }: Judged): Pick<Verdict, 'restsFrom'> {
  return result?.restsFrom === undefined || isByDay(statistic) ? {} : { restsFrom: result.restsFrom };
}

function effectsOf(breaching: readonly Judged[]): Readonly<Record<string, number>> {
  const sized = breaching.flatMap(({ statistic, result }) =>
    result?.effect === null || result?.effect === undefined ? [] : [[statistic, result.effect] as const],
  );
  return Object.fromEntries(sized);
}

/** An open series in a window that gave it no number: its evidence is that of its opening. */
function merelyStands(result: CheckResult | null): boolean {
  if (!result || result.value !== null || result.evidence === null) return false;
  return result.state === 'ALERT' || result.state === 'NOTICE';
}

/** The features that account for everything that breaches; none where anything of it stands by itself. */
function explanationOf(breaching: readonly Judged[]): readonly string[] {
  const found = breaching.map(({ result }) => result?.explainedBy ?? []);
  return found.every((features) => features.length > 0) ? [...new Set(found.flat())] : [];
}

function combinedOutcome(judged: readonly Judged[]): Verdict['outcome'] | null {
  if (judged.length === 0) return null;
  const has = (outcome: Verdict['outcome']) => judged.some((one) => one.verdict.outcome === outcome);
  if (has('breach')) return 'breach';
  if (has('elevated')) return 'elevated';
  if (judged.some((one) => one.verdict.outcome === 'hold' && one.verdict.owing)) return 'hold';
  return has('clear') ? 'clear' : 'hold';
}

function severityOf({ policy, verdict }: Judged): Severity {
  if (verdict.outcome !== 'breach') return 'info';
  const severity = verdict.level?.severity ?? 'warning';
  return policy.enforcement === 'warn' && severity === 'critical' ? 'warning' : severity;
}

/** Most severe first, then what nothing else explains, then what the window itself shows before what stands from before and what a whole day does, then the strongest evidence, then the largest effect. */
function bySeriousness(a: Judged, b: Judged): number {
  return (
    SEVERITIES.indexOf(severityOf(b)) - SEVERITIES.indexOf(severityOf(a)) ||
    Number(a.result?.explainedBy !== undefined) - Number(b.result?.explainedBy !== undefined) ||
    Number(merelyStands(a.result)) - Number(merelyStands(b.result)) ||
    Number(isByDay(a.statistic)) - Number(isByDay(b.statistic)) ||
    Number(b.verdict.owing) - Number(a.verdict.owing) ||
    (b.result?.evidence ?? 0) - (a.result?.evidence ?? 0) ||
    Math.abs(b.result?.effect ?? 0) - Math.abs(a.result?.effect ?? 0)
  );
}
