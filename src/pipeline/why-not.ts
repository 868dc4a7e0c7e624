import type { HeldFor } from '../domain/digest-message.js';
import { invariant } from '../domain/invariant.js';
import { countText, minuteText, secondText, words } from '../domain/wording.js';

/** Why somebody heard of something, or did not. */
export const TELLING_CAUSES = [
  'NOTIFIED',
  'NO_DATA',
  'NO_FINDING',
  'LEARNING',
  'TOO_FEW_ROWS',
  'NOT_JUDGED',
  'SILENCED',
  'MAINTENANCE',
  'EXPLAINED',
  'FLAPPING',
  'DRY_RUN',
  'BUDGET',
  'DEBOUNCE',
  'MESSAGE_BUDGET',
  'QUIET_HOURS',
  'ROUTE',
  'ENVIRONMENT',
  'STAGE',
  'NOT_IN_POLICY',
  'NOT_DELIVERED',
] as const;
export type TellingCause = (typeof TELLING_CAUSES)[number];

/** What was looked at, and what it said. */
export interface Step {
  readonly looked: string;
  readonly found: string;
}

export interface Explanation {
  readonly notified: boolean;
  readonly cause: TellingCause;
  /** One sentence. */
  readonly text: string;
  readonly steps: readonly Step[];
}

/** An incident that covers the time in question. */
export interface AskedIncident {
  readonly id: string;
  readonly severity: string;
  /** End of the newest window that showed it, where the time in question is later: it stands until enough windows are clear. */
  readonly shownUntil: string | null;
  readonly channels: readonly string[];
  /** What explains it, in words; null where it stands by itself. */
  readonly explainedBy: string | null;
  /** It comes and goes all the time. */
  readonly isFlapping: boolean;
  /** The silence or maintenance window that held it back last. */
  readonly heldBy: string | null;
  /** It is held back now: what is new of it is told to nobody. */
  readonly isHeld: boolean;
  /** Messages with news of it; `isOfThen` where they tell of the stretch that holds the time in question, and not of one that had ended before; `at` is when it arrived, or was owed. */
  readonly deliveries: readonly {
    readonly to: string;
    readonly state: string;
    readonly due: string;
    readonly held: HeldFor | null;
    readonly at: Date;
    readonly isOfThen: boolean;
  }[];
}

/** Everything that decides whether somebody hears of a check in a window. */
export interface TellingFacts {
  /** What is asked about; '' of a model that has no version. */
  readonly version: string;
  /** `isOver`: the window lies in the time of a version that was retired since. */
  readonly stage: { readonly name: string; readonly isOnTrial: boolean; readonly isOver: boolean };
  /** A window of the version that holds the instant was judged. */
  readonly isJudged: boolean;
  /** Rows of that window with a label, and whether the check says nothing without. */
  readonly labelled: number;
  readonly waitsForLabels: boolean;
  /** Why the frozen reference says nothing of the check, in words; null where it does, or none is at hand. */
  readonly untaught: string | null;
  /** Rows at that time in environments that are not the model's. */
  readonly elsewhere: readonly string[];
  /** What the check said in the window. */
  readonly results: readonly { readonly statistic: string; readonly state: string; readonly n: number }[];
  /** Rules about the check and the feature. */
  readonly rules: readonly {
    readonly name: string;
    readonly isDryRun: boolean;
    readonly channels: readonly string[];
  }[];
  readonly incident: AskedIncident | null;
  /** Channels that lead to somebody. */
  readonly channels: readonly string[];
}

/** The first thing on the way from rows to a message that stopped it. Pure. */
export function whyNot(facts: TellingFacts): Explanation {
  const steps: readonly Step[] = [
    { looked: 'window', found: facts.isJudged ? `of ${named(facts)}` : `none of ${named(facts)} was judged` },
    { looked: 'results', found: facts.results.map(({ statistic, state, n }) => `${statistic} ${words(state)} on ${n} rows`).join('; ') || 'none' },
    { looked: 'rules', found: facts.rules.map(({ name, isDryRun }) => `${name}${isDryRun ? ' (dry run)' : ''}`).join('; ') || 'none' },
    { looked: 'incident', found: facts.incident ? incidentText(facts.incident) : 'none' },
    { looked: 'messages', found: messagesText(facts.incident?.deliveries ?? []) || 'none' },
  ]; // prettier-ignore
  const [cause, text] = facts.incident ? ofIncident(facts, facts.incident) : ofWindow(facts);
  return { notified: cause === 'NOTIFIED', cause, text, steps };
}

function incidentText({ id, severity, shownUntil }: AskedIncident): string {
  return `${id}, ${severity}${shownUntil === null ? '' : `; shown until ${shownUntil}, and not over in this window`}`;
}

/** What arrived first, then what is under way, then what did not arrive; what newer messages say stands for nothing by itself. */
const ORDER = ['delivered', 'queued', 'attempting', 'ambiguous', 'retry', 'dead'];

function messagesText(deliveries: AskedIncident['deliveries']): string {
  const replaced = deliveries.filter(({ state }) => state === 'superseded').length;
  const others = deliveries.filter(({ state }) => state !== 'superseded').toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)); // prettier-ignore
  const texts = others.map(({ to, state }) => `${to} ${state}`);
  const counted = [...new Set(texts)].map(
    (text) => [text, texts.filter((one) => one === text).length] as const,
  );
  return [
    ...counted.map(([text, times]) => (times === 1 ? text : `${text} (${times} messages)`)),
    ...(replaced > 0 ? [`${replaced} superseded by newer ones, which say what they would have said`] : []),
  ].join('; ');
}

function named({ version, stage }: Pick<TellingFacts, 'version' | 'stage'>): string {
  return version === '' ? 'the model' : `version ${version}, ${stage.name}`;
}

/** What is said of one version. */
interface OfVersion {
  readonly version: string;
  readonly isOnTrial: boolean;
  readonly explanation: Explanation;
}

const NOTHING: ReadonlySet<TellingCause> = new Set(['NO_DATA', 'NO_FINDING']);

/**
 * One answer about several versions, at least one: that somebody was told of one of them, else that of the version that answers for the model, else
 * of the one that most is to be said of. What there is to say of the others stands among the steps. Pure.
 */
export function ofVersions(all: readonly OfVersion[], champion: string | null): Explanation {
  const rank = ({ version, isOnTrial, explanation: { notified, cause } }: OfVersion) =>
    8 * Number(notified) + 4 * Number(version === champion) + 2 * Number(!isOnTrial) + Number(!NOTHING.has(cause));
  const [lead, ...others] = all.toSorted((a, b) => rank(b) - rank(a));
  invariant(lead, 'a question is about one version at least');
  const beside = others
    .filter(({ version, explanation: { cause } }) => version === champion || !NOTHING.has(cause))
    .map(({ version, explanation: { cause, text } }) => ({ looked: `version ${version}`, found: `${words(cause)}: ${text}` }));
  return { ...lead.explanation, steps: [...lead.explanation.steps, ...beside] };
} // prettier-ignore

type Answer = readonly [cause: TellingCause, text: string];

function ofIncident({ channels }: TellingFacts, incident: AskedIncident): Answer {
  const { deliveries, explainedBy, heldBy, isHeld, severity, isFlapping } = incident;
  const told = deliveries.find(({ state, isOfThen }) => state === 'delivered' && isOfThen);
  // Before what held it back: a silence that ended has let its message go. Before its cause: where that is silenced, it was told by itself.
  if (told) {
    const since = isHeld && heldBy !== null ? `; what came after, ${holderText(heldBy)} holds back` : '';
    return ['NOTIFIED', `${told.to} was told, on ${minuteText(told.at)} UTC${since}`];
  }
  if (explainedBy !== null && !isHeld)
    return ['EXPLAINED', `it follows from something else, with which it is told: ${explainedBy}`];
  if (heldBy !== null)
    return [
      heldBy.startsWith(MAINTENANCE) ? 'MAINTENANCE' : 'SILENCED',
      `${holderText(heldBy)} held it back`,
    ];
  if (isFlapping && deliveries.length === 0)
    return [
      'FLAPPING',
      'it has come and gone so often within two weeks that its coming back is not told; it is told if it stays or becomes critical',
    ];
  if (severity === 'info') return ['BUDGET', 'it was noticed, but its evidence is too small for an alert within the budget of false alarms']; // prettier-ignore
  if (incident.channels.length === 0) return ['ROUTE', 'the rule that found it names no channel'];
  if (incident.channels.every((name) => !channels.includes(name)))
    return [
      'ROUTE',
      `nobody is behind the ${incident.channels.length === 1 ? 'channel' : 'channels'} ${incident.channels.join(', ')}: add ${incident.channels.length === 1 ? 'it' : 'them'} to the channels file`,
    ];
  const held = deliveries.find((one) => one.held !== null && one.state === 'queued');
  if (held?.held === 'budget') return ['MESSAGE_BUDGET', `the budget of messages to ${held.to} is used up: it is in the digest due at ${dueText(held)}`]; // prettier-ignore
  if (held) return ['QUIET_HOURS', `${held.to} wants quiet now: it is in the digest due at ${dueText(held)}`];
  const waiting = deliveries.find(({ state }) => state === 'queued');
  if (waiting)
    return [
      'DEBOUNCE',
      `the message to ${waiting.to} waits until ${secondText(new Date(waiting.due))} UTC, so that what follows within seconds is one message`,
    ];
  const stuck = deliveries.find(({ state }) => state !== 'superseded');
  return ['NOT_DELIVERED', stuck ? `${stuck.to} did not take the message (${stuck.state})` : 'no message was owed: see the story of the incident']; // prettier-ignore
}

const MAINTENANCE = 'maintenance:';

/** A silence or a maintenance window in a sentence. */
function holderText(heldBy: string): string {
  return heldBy.startsWith(MAINTENANCE)
    ? `the maintenance window ${heldBy.slice(MAINTENANCE.length)}`
    : `the silence ${heldBy}`;
}

function dueText({ due }: { readonly due: string }): string {
  return `${minuteText(new Date(due))} UTC`;
}

function ofWindow(facts: TellingFacts): Answer {
  const { version, stage, isJudged, elsewhere, results, rules, untaught } = facts;
  if (!isJudged)
    return elsewhere.length > 0
      ? [
          'ENVIRONMENT',
          `rows of that time are of ${elsewhere.join(', ')}, which is not among the model's environments`,
        ]
      : ['NO_DATA', `no window ${version === '' ? '' : `of version ${version} `}that holds this instant was judged: there were no rows, or it is not due yet`]; // prettier-ignore
  if (stage.isOnTrial) return ['STAGE', `version ${version} is ${stage.name}: it is judged for whoever looks, and nobody is told`]; // prettier-ignore
  const states = new Set(results.map(({ state }) => state));
  if (results.length === 0) return ['NO_DATA', withoutResult(facts)];
  if (states.has('ALERT')) return stage.isOver ? ['STAGE', overText(version)] : ofAlert(rules);
  if (states.has('NOTICE')) return ['BUDGET', 'it was noticed, but its evidence is too small for an alert within the budget of false alarms']; // prettier-ignore
  if (states.has('OK')) return ['NO_FINDING', 'the check found nothing in this window'];
  if (states.has('LEARNING') && untaught !== null)
    return ['NOT_JUDGED', `the check cannot be judged: ${untaught}`];
  if (states.has('LEARNING'))
    return ['LEARNING', 'the check is still learning: its reference is not complete yet'];
  if (states.has('INSUFFICIENT'))
    return ['TOO_FEW_ROWS', `the window has too few rows for the check: ${countText(results[0]?.n ?? 0)}`];
  return ['NOT_JUDGED', `the check could not be judged: ${[...states].map(words).join(', ')}`];
}

function overText(version: string): string {
  return `version ${version} is retired: what comes late for its time opens nothing`;
}

function withoutResult({ waitsForLabels, labelled }: TellingFacts): string {
  return waitsForLabels && labelled === 0
    ? 'the check needs labels, and none has come for the rows of this window yet'
    : 'the check has no result in this window';
}

function ofAlert(rules: TellingFacts['rules']): Answer {
  if (rules.length === 0)
    return [
      'NOT_IN_POLICY',
      'the check found something, and no rule of any policy in force is about this check and feature',
    ];
  if (rules.every(({ isDryRun }) => isDryRun)) return ['DRY_RUN', `the check found something, and only policies on a dry run are about it: ${rules.map(({ name }) => name).join(', ')}`]; // prettier-ignore
  return [
    'NOT_IN_POLICY',
    `the condition of ${rules.map(({ name }) => name).join(', ')} did not hold, or not for long enough`,
  ];
}
