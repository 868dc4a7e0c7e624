import { readFileSync } from 'node:fs';
import { remark, table, type Answer } from './answer.js';
import type { DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { matters, totalsOf, without } from '../pipeline/rehearsal-difference.js';

export interface DryRunOptions extends DataOptions {
  readonly days: number;
  readonly model?: readonly string[];
}

interface WouldBe {
  readonly kind: string;
  readonly model: string;
  readonly version: string;
  readonly policy: string;
  readonly rule: string;
  readonly check: string;
  readonly feature: string | null;
  readonly severity: string;
  readonly at: string;
  readonly summary: string;
  readonly notifies: boolean;
  readonly retrain: boolean;
}

/** A dry run as the API tells it. */
export interface DryRun {
  readonly policy: {
    readonly id: string;
    readonly version: number;
    readonly hash: string;
    readonly replaces: string | null;
    readonly rules: readonly string[];
  };
  readonly windows: number;
  readonly active: readonly WouldBe[];
  readonly candidate: readonly WouldBe[];
  readonly messages: {
    readonly active: readonly ChannelMessages[];
    readonly candidate: readonly ChannelMessages[];
  };
  readonly notComputed: readonly string[];
  /** Named and not in the channels file. */
  readonly unknownChannels: readonly string[];
}

interface ChannelMessages {
  readonly channel: string;
  readonly messages: number;
}

/** Numbers of one rule on one model, under the policies in force and under the candidate. */
interface RuleCounts {
  readonly model: string;
  readonly rule: string;
  readonly alerts: { active: number; candidate: number };
  readonly retrains: { active: number; candidate: number };
}

const FIELDS = 'kind model version policy rule check feature severity at summary notifies retrain';
const SHOWN = 20;

/** `tidewatch policy dry-run`: alerts and retrainings that a policy would have caused, and how that differs from those in force. */
export async function dryRunPolicy(file: string, options: DryRunOptions): Promise<Answer> {
  const yaml = readFileSync(file, 'utf8');
  const document = `query ($input: PolicyDryRunInput!) { policyDryRun(input: $input) {
    policy { id version hash replaces rules } windows active { ${FIELDS} } candidate { ${FIELDS} } messages { active { channel messages } candidate { channel messages } } notComputed unknownChannels } }`;
  const input = { yaml, file, days: options.days, models: options.model };
  return withApi(options, { data: true }, async (api) => {
    remark(`judging the stored results of the last ${options.days} days again …`);
    const { policyDryRun: run } = await api.query<{ policyDryRun: DryRun }>(document, { input });
    const [active, candidate] = [run.active.filter(matters), run.candidate.filter(matters)];
    const added = without(candidate, active);
    const removed = without(active, candidate);
    const rules = byRule(active, candidate);
    return {
      ok: true,
      lines: linesOf(run, { rules, added, removed }),
      json: {
        policy: run.policy,
        days: options.days,
        windows: run.windows,
        active: totalsOf(active),
        candidate: totalsOf(candidate),
        messages: run.messages,
        notComputed: run.notComputed,
        unknownChannels: run.unknownChannels,
        rules,
        added,
        removed,
      },
    };
  });
}

function byRule(active: readonly WouldBe[], candidate: readonly WouldBe[]): readonly RuleCounts[] {
  const rules = new Map<string, RuleCounts>();
  const add = (side: 'active' | 'candidate') => (one: WouldBe) => {
    const rule = `${one.policy}/${one.rule}`;
    const key = `${one.model}\0${rule}`;
    const none = () => ({ active: 0, candidate: 0 });
    const found = rules.get(key) ?? { model: one.model, rule, alerts: none(), retrains: none() };
    if (one.notifies) found.alerts[side] += 1;
    if (one.retrain) found.retrains[side] += 1;
    rules.set(key, found);
  };
  active.forEach(add('active'));
  candidate.forEach(add('candidate'));
  return [...rules.values()].sort((a, b) => (a.model + a.rule < b.model + b.rule ? -1 : 1));
}

/** What the candidate changes. */
interface Difference {
  readonly rules: readonly RuleCounts[];
  readonly added: readonly WouldBe[];
  readonly removed: readonly WouldBe[];
}

/** What a dry run says, a line each. */
export function linesOf(
  { policy, windows, messages, notComputed, unknownChannels }: DryRun,
  { rules, added, removed }: Difference,
): readonly string[] {
  const instead =
    policy.replaces === null ? 'beside those in force' : `instead of ${policy.replaces.slice(0, 16)}`;
  const change = ({ active, candidate }: { active: number; candidate: number }) => `${active} → ${candidate}`;
  const rows = rules.map((one) => [one.model, one.rule, change(one.alerts), change(one.retrains)]);
  const seen = new Set(rules.map(({ rule }) => rule));
  const own = policy.rules.map((id) => `${policy.id}/${id}`).filter((rule) => !seen.has(rule));
  return [
    `${policy.id}@${policy.version} (${policy.hash.slice(0, 16)}) ${instead}, on ${windows} windows`,
    ...(rows.length === 0 ? [] : table(['model', 'rule', 'alerts', 'retrainings asked for'], rows)),
    ...own.map(
      (rule) => `${rule} raises nothing of its own: it found nothing, or what another policy raises already`,
    ),
    ...table(['channel', 'messages'], messagesOf(messages)),
    ...nobodyText(policy, unknownChannels, messages),
    ...listed('added', added),
    ...listed('removed', removed),
    ...notComputed.map(
      (one) => `${one} read no labels of these windows: what it would have found is not counted`,
    ),
  ];
}

/** As the start and `doctor` say it: what goes to a channel that is not there reaches nobody. */
function nobodyText(
  { id, version }: DryRun['policy'],
  unknown: readonly string[],
  { candidate }: DryRun['messages'],
): readonly string[] {
  if (unknown.length === 0) return [];
  const known = candidate.map(({ channel }) => channel).join(', ');
  return [
    `${id}@${version} names ${unknown.join(', ')}, which is nobody: add it to the channels file, which has ${known}; messages to it are not counted`,
  ];
}

function messagesOf({ active, candidate }: DryRun['messages']): readonly (readonly string[])[] {
  return active.map(({ channel, messages }, i) => [channel, `${messages} → ${candidate[i]?.messages ?? 0}`]);
}

function listed(word: string, found: readonly WouldBe[]): readonly string[] {
  const first = found.slice(0, SHOWN).map((one) => {
    const retrain = one.retrain ? ', retrain' : '';
    return `  ${one.at} ${one.model} ${one.severity.toLowerCase()}${retrain}: ${one.summary}`;
  });
  const rest = found.length > SHOWN ? [`  … and ${found.length - SHOWN} more (see --json)`] : [];
  return [`${word}: ${found.length}`, ...first, ...rest];
}
