import type { Briefing, CaseMessage, CasePurpose, News } from '../domain/case-message.js';
import type { IncidentChange } from '../domain/incident-change.js';
import {
  worstOf,
  type CloseReason,
  type Incident,
  type IncidentState,
  type Severity,
} from '../domain/incident.js';
import { windowWords } from '../domain/incident-headline.js';
import { invariant } from '../domain/invariant.js';
import { MORE, briefingOf, modelsIn, placesOf, stretchOf } from './briefing.js';
import { namedHeadline } from './case-news.js';
import { findingOf, proposalText, type Around } from './finding-of.js';
import { rankFindings } from './rank-findings.js';

/** More would not be read, and Slack refuses long messages. */
const MOST_FINDINGS = 15;
const STATE_ORDER: readonly IncidentState[] = ['OPEN', 'ACKNOWLEDGED', 'RECOVERING', 'CLOSED'];

export interface CaseFacts extends Around {
  readonly caseId: string;
  readonly seq: number;
  readonly purpose: CasePurpose;
  /** What the receiver has not been told yet. */
  readonly news: readonly News[];
  /** Whether it is more severe than the receiver was last told. */
  readonly rises: (severity: Severity) => boolean;
  /** It waits for a person. */
  readonly call: CaseMessage['call'];
  readonly hands: NonNullable<CaseMessage['hands']>;
  /** What people did since the receiver was told. */
  readonly said: readonly string[];
  /** Where people reach the pages, without a trailing slash. */
  readonly baseUrl: string;
}

/** Who leads a case, in which order its findings stand, and what is known of it beside them. */
function tellingOf(facts: CaseFacts) {
  const { members, subject } = facts;
  const first = members[0];
  invariant(first, 'a case has at least one incident');
  const open = members.filter(({ state }) => state !== 'CLOSED');
  const ranked = rankFindings(members, subject.importance, urgentNews(facts));
  const leading = ranked[0] ?? first;
  const state = caseState(members);
  const told = open.length > 0 ? open : members;
  const over = state === 'CLOSED' ? stretchOf(members) : null;
  const briefing = briefingOf(leading, told, { state, over, members }, subject);
  return { first, open, ranked, leading, state, told, over, briefing };
}

/** Title, probable cause and next steps of a case alone, for lists of many. */
export function caseBriefing(facts: CaseFacts): Briefing {
  return tellingOf(facts).briefing;
}

/** What is said about a case: model, what moved, by how much, since when, how sure, what it touches, why, what to do, and where to look. */
export function caseMessage(facts: CaseFacts): CaseMessage {
  const { members, baseUrl, subject } = facts;
  const { first, open, ranked, leading, state, told, over, briefing } = tellingOf(facts);
  const others = modelsIn(members).filter((model) => model !== first.signal.model);
  // One cause, one finding: what follows from another is counted with it.
  const standing = ranked.filter(
    (one) => one === leading || !one.explainedBy || others.includes(one.signal.model),
  );
  const findings = standing.slice(0, MOST_FINDINGS).map((incident) => findingOf(incident, facts));
  const severity = worstOf(told);
  return {
    type: 'case',
    purpose: facts.purpose,
    caseId: facts.caseId,
    seq: facts.seq,
    model: first.signal.model,
    ...(others.length > 0 ? { alsoModels: others } : {}),
    version: first.signal.version,
    owner: subject.owner,
    severity,
    state,
    openedAt: isoOf(earliest(members.map(({ openedAt }) => openedAt))) ?? first.openedAt.toISOString(),
    closedAt: state === 'CLOSED' ? isoOf(latest(members.flatMap(({ closedAt }) => closedAt ?? []))) : null,
    // Of what the headline tells, never of another finding; of a case that is over, of all of it, as its end is.
    since: (over?.from ?? leading.course.onset).toISOString(),
    summary:
      summarise(
        leading,
        standing.length,
        state === 'CLOSED' ? ending(leading, facts.changes) : '',
        first.signal.model,
      ) + placesText(facts, state),
    reasons: [...new Set(facts.changes.map(({ reason }) => reason))],
    total: members.length,
    open: open.length,
    findings,
    links: {
      case: `${baseUrl}/cases/${encodeURIComponent(facts.caseId)}`,
      model: `${baseUrl}/models/${encodeURIComponent(first.signal.model)}`,
    },
    briefing: facts.hands.rootCause !== null && state === 'CLOSED' ? { ...briefing, next: [] } : briefing,
    news: [...facts.news],
    rises: facts.rises(severity),
    call: facts.call,
    hands: facts.hands,
    said: [...facts.said],
  };
}

/**
 * The case is closed when all its incidents are, also those of other models that are told with it; else it is in the most urgent state of any of its own, or of the others once
 * those have recovered: only then is their end told with it.
 */
export function caseState(members: readonly Incident[]): IncidentState {
  const own = members.filter(({ signal }) => signal.model === members[0]?.signal.model);
  const recovered = new Set(own.filter(({ closeReason }) => closeReason === 'recovered').map(({ id }) => id));
  const others = members.filter((one) => !own.includes(one) && recovered.has(one.explainedBy ?? ''));
  const asked = own.every(({ state }) => state === 'CLOSED') ? others : own;
  return STATE_ORDER.find((state) => asked.some((incident) => incident.state === state)) ?? 'CLOSED';
}

/** One line for a subject or a notification: what the case is about, never the changing numbers. */
export function caseTitle(message: CaseMessage): string {
  const name = message.version === '' ? message.model : `${message.model} ${message.version}`;
  return `${name}: ${message.briefing?.title ?? message.summary}`;
}

/** The same with what is said of it. */
export function caseSentence(message: CaseMessage): string {
  const title = message.briefing?.title;
  const lead = title?.replace(MORE, '');
  // A headline begins with what leads, as the title does.
  return title !== undefined && message.summary.startsWith(`${lead}: `)
    ? caseTitle(message).replace(title, () => message.summary)
    : `${caseTitle(message)}: ${message.summary}`;
}

/** What waits for a person while the rest does not, else critical news of a case that people know: it must stand in the heading, not behind what they have read before. */
function urgentNews({ purpose, news, members, call }: CaseFacts): ReadonlySet<string> {
  if (call?.findings) return new Set(call.findings);
  if (purpose !== 'updated') return new Set();
  const critical = members.filter(({ severity, explainedBy }) => severity === 'critical' && !explainedBy);
  const ids = new Set(critical.map(({ id }) => id));
  return new Set(news.map(({ incidentId }) => incidentId).filter((id) => ids.has(id)));
}

/** The leading finding over all its windows, then what the check said of one of them; both are words about the numbers that stand below. */
function summarise(leading: Incident, total: number, lead: string, own: string): string {
  const rest = total === 1 ? '' : ` (and ${total - 1} more)`;
  const said = windowWords(leading);
  const proposal = leading.proposal ? `. ${proposalText(leading.proposal)}` : '';
  return `${lead}${namedHeadline(leading, own)}${said === null ? '' : `; ${said}`}${proposal}${rest}`;
}

/** Which models have it, where those are not the model of the case alone; of a case that is over, that it is in all of them. */
function placesText({ members }: CaseFacts, state: IncidentState): string {
  const { over, open } = placesOf(members);
  if (state !== 'CLOSED' || over.length + open.length < 2) return '';
  return `; over in ${over.join(', ')}${open.length === 0 ? '' : `, not yet in ${open.join(', ')}`}`;
}

const ENDINGS: Readonly<Record<CloseReason, string>> = {
  recovered: 'Recovered',
  withdrawn: 'Withdrawn',
  manual: 'Closed by hand',
  superseded: 'Superseded',
};

/** How the leading incident ended, and why where the words alone do not say: only what recovered may be called so. */
function ending({ id, closeReason }: Incident, changes: readonly IncidentChange[]): string {
  const reason = closeReason ?? 'recovered';
  const why = changes.find(({ incident }) => incident.id === id)?.reason;
  const told = why !== undefined && (reason === 'superseded' || reason === 'manual');
  return told ? `${ENDINGS[reason]} (${why}): ` : `${ENDINGS[reason]}: `;
}

function earliest(times: readonly Date[]): Date | null {
  return times.length === 0 ? null : times.reduce((a, b) => (a <= b ? a : b));
}

function latest(times: readonly Date[]): Date | null {
  return times.length === 0 ? null : times.reduce((a, b) => (a >= b ? a : b));
}

function isoOf(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}
