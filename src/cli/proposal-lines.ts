import { table } from './answer.js';

/** A place of a document and what it becomes. */
export interface ShownChange {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

interface Counts {
  readonly active: number;
  readonly candidate: number;
}

/** A policy that is proposed, as the API shows it. */
export interface ShownPolicy {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly hash: string;
  readonly activeFrom: string | null;
  readonly content: unknown;
  readonly unknownChannels: readonly string[];
  readonly rehearsal: {
    readonly days: number;
    readonly windows: number;
    readonly concerned: number | null;
    readonly alerts: Counts & { readonly added: number; readonly removed: number };
    readonly retrainings: Counts;
    readonly messagesPerWeek: readonly (Counts & { readonly channel: string })[];
  };
}

export const CHANGE_FIELDS = 'path before after';
export const POLICY_FIELDS = `id version state hash activeFrom content unknownChannels
  rehearsal { days windows concerned alerts { active candidate added removed } retrainings { active candidate } messagesPerWeek { channel active candidate } }`;

/** Where it stands, from when on, whom it does not reach, and what it would have done. */
export function policyLines(policy: ShownPolicy): readonly string[] {
  const { id, version, state, hash, activeFrom, unknownChannels, rehearsal } = policy;
  const { days, windows, concerned, alerts, retrainings, messagesPerWeek } = rehearsal;
  const which = concerned === null ? '' : `, ${concerned} of them of models that it is about`;
  return [
    `${id}@${version} (${hash.slice(0, 16)}) is ${state.toLowerCase()}, ${fromText(state, activeFrom)}`,
    ...(unknownChannels.length === 0
      ? []
      : [
          `it names channels that the channels file does not have, so that nobody is told there: ${unknownChannels.join(', ')}`,
        ]),
    ...(concerned === 0
      ? ['nothing of it could be tried: the models that it is about have no judged window in these days']
      : []),
    `on ${windows} windows of the last ${days} days${which}: alerts ${alerts.active} → ${alerts.candidate} (${alerts.added} added, ${alerts.removed} removed), trainings ${retrainings.active} → ${retrainings.candidate}`,
    ...table(
      ['channel', 'messages a week'],
      messagesPerWeek.map(({ channel, active, candidate }) => [channel, `${active} → ${candidate}`]),
    ),
  ];
}

/** When it comes or came into force, in the tense of where it stands. */
function fromText(state: string, from: string | null): string {
  if (state === 'DRAFT')
    return from === null
      ? 'and comes into force as soon as enough people agreed'
      : `and comes into force on ${from}, once enough people agreed`;
  if (state === 'SCHEDULED') return `and comes into force on ${from ?? ''}`;
  return from === null ? 'asked for as soon as people agreed' : `asked for from ${from} on`;
}

/** A place a line. */
export function changeLines(changes: readonly ShownChange[]): readonly string[] {
  return changes.map(({ path, before, after }) => `  ${path}: ${shown(before)} -> ${shown(after)}`);
}

function shown(value: unknown): string {
  return value === null || value === undefined ? 'nothing' : JSON.stringify(value);
}
