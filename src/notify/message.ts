import type { Briefing, CaseMessage, CasePurpose, Finding, News } from '../domain/case-message.js';
import type { IncidentChange } from '../domain/incident-change.js';
import {
  isCutShort,
  type CloseReason,
  type Incident,
  type IncidentState,
  type Severity,
} from '../domain/incident.js';
import { headlineOf } from '../domain/incident-headline.js';
import { invariant } from '../domain/invariant.js';
import { namesWithin } from '../domain/wording.js';
import { briefingOf, endOf, modelsIn, placesOf } from './briefing.js';
import { handsNow, saidSince, type CaseHands, type Handled } from './case-hands.js';
import { summaryText } from './case-lines.js';
import { caseNow, type CaseNow } from './case-now.js';
import { leadOf, otherNames } from './case-title.js';
import { findingOf, proposalText, type Around } from './finding-of.js';
import { alsoTouched } from './also-touched.js';

/** More would not be read, and Slack refuses long messages. */
const MOST_FINDINGS = 15;

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
  /** What people did about it, and since when the receiver has not heard of that; null where it never heard of the case. */
  readonly handled: Handled;
  readonly toldAt: Date | null;
  /** The name of whoever acts under an id. */
  readonly nameOf: (actor: string) => string;
  /** The finding that the message before was led by; undefined where there was none. */
  readonly led?: string | undefined;
  /** Where people reach the pages, without a trailing slash. */
  readonly baseUrl: string;
  readonly now: Date;
}

/** What a case is about now, what is known of it beside that, and who has it; for lists of many without the numbers. */
export function caseTelling<One extends Incident>(
  facts: CaseFacts & { readonly members: readonly One[] },
): CaseTelling<One> {
  const { members, subject, quiet, now } = facts;
  invariant(members.length > 0, 'a case has at least one incident');
  const urgent = urgentNews(facts);
  const about = caseNow({ members, importance: subject.importance, quiet, now, led: facts.led, ...(urgent ? { urgent } : {}) });
  const hands = handsNow(about, facts.handled, facts.nameOf);
  return { about, briefing: briefingOf(about, members, subject), hands };
} // prettier-ignore

/** What there is to tell of a case. */
export interface CaseTelling<One extends Incident> {
  readonly about: CaseNow<One>;
  readonly briefing: Briefing;
  readonly hands: CaseHands;
}

/** What is said about a case: model, what moved, by how much, since when, how sure, what it touches, why, what to do, and where to look. */
export function caseMessage(facts: CaseFacts): CaseMessage {
  const { members, baseUrl, subject } = facts;
  const { about, briefing, ...telling } = caseTelling(facts);
  const { leading, listed, state, severity } = about;
  // One cause, one finding: what follows from another is counted with it.
  const findings = listed.slice(0, MOST_FINDINGS).map((incident) => findingOf(incident, facts));
  const { model } = members[0]?.signal ?? leading.signal;
  const others = modelsIn(members).filter((one) => one !== model);
  const { acknowledgedBy, assignee, rootCause } = telling.hands;
  return {
    type: 'case',
    purpose: facts.purpose,
    caseId: facts.caseId,
    seq: facts.seq,
    model,
    ...(others.length > 0
      ? { alsoModels: [...others], ...alsoTouched(about.ranked, model, facts.subjectOf) }
      : {}),
    version: members[0]?.signal.version ?? leading.signal.version,
    owner: subject.owner,
    severity,
    state,
    openedAt: isoOf(earliest(members.map(({ openedAt }) => openedAt))) ?? leading.openedAt.toISOString(),
    closedAt: state === 'CLOSED' ? isoOf(latest(members.flatMap(({ closedAt }) => closedAt ?? []))) : null,
    // Of what the headline tells, never of another finding.
    since: leading.course.onset.toISOString(),
    summary: summarise(about, { briefing, findings, own: model }, facts.changes) + placesText(facts, state),
    reasons: [...new Set(facts.changes.map(({ reason }) => reason))],
    reasonsInWords: [...new Set(facts.changes.map((change) => reasonInWords(change, members)))],
    total: members.length,
    open: members.filter((one) => one.state !== 'CLOSED').length,
    findings,
    links: {
      case: `${baseUrl}/cases/${encodeURIComponent(facts.caseId)}`,
      model: `${baseUrl}/models/${encodeURIComponent(model)}`,
    },
    briefing: rootCause !== null && state === 'CLOSED' ? { ...briefing, next: [] } : briefing,
    news: [...facts.news],
    // What is over becomes no worse.
    rises: state !== 'CLOSED' && facts.rises(severity),
    call: facts.call,
    hands: { acknowledgedBy, assignee, rootCause },
    said: [...saidSince(facts.handled, facts.toldAt)],
  };
}

/** One line for a subject or a notification: what the case is about, never the changing numbers. */
export function caseTitle(message: CaseMessage): string {
  return `${nameOf(message)}: ${message.briefing?.title ?? message.summary}`;
}

/** The same with what is said of it, which has the title in it: of what is over, behind how it ended. */
export function caseSentence(message: CaseMessage): string {
  const lead = message.briefing ? `${leadOf(message.briefing)}: ` : '';
  return `${nameOf(message)}: ${lead}${message.summary.replace(lead, '')}`;
}

function nameOf({ model, version }: CaseMessage): string {
  return version === '' ? model : `${model} ${version}`;
}

/** What a call is for, else critical news of a case that people know: it must stand in the heading, not behind what they have read before. Undefined where there is neither. */
function urgentNews({ purpose, news, members, call }: CaseFacts): ReadonlySet<string> | undefined {
  if (call?.findings) return new Set(call.findings);
  if (purpose !== 'updated') return undefined;
  const critical = members.filter(({ severity, explainedBy }) => severity === 'critical' && !explainedBy);
  const ids = new Set(critical.map(({ id }) => id));
  const fresh = news.map(({ incidentId }) => incidentId).filter((id) => ids.has(id));
  return fresh.length > 0 ? new Set(fresh) : undefined;
}

/** How it ended, where it did, what it is about by all windows of the leading finding, what is proposed, and how many more there are. */
function summarise(
  { leading, about, listed, over }: CaseNow<Incident>,
  {
    briefing,
    findings,
    own,
  }: { readonly briefing: Briefing; readonly findings: readonly Finding[]; readonly own: string },
  changes: readonly IncidentChange[],
): string {
  const others = listed.filter((one) => about.includes(one) && one !== leading);
  const end = over === null ? '' : ending(endOf(about), changes);
  const [lead] = findings;
  invariant(lead, 'a case has a finding that leads');
  const said = summaryText(briefing, lead);
  const proposal = leading.proposal ? proposalText(leading.proposal) : '';
  const proposed = proposal === '' || said.includes(proposal) ? '' : `. ${proposal}`;
  return `${end}${said}${proposed}${alsoText(otherNames(leading, others, own))}`;
}

/** Why something changed, with what people are told of it, and of what it follows from, in the place of the words of their checks. */
function reasonInWords({ reason, incident }: IncidentChange, members: readonly Incident[]): string {
  const cause = members.filter(({ id }) => id === incident.explainedBy);
  const named = [incident, ...cause].filter(({ summary }) => summary !== '');
  return named.reduce((text, one) => text.replace(one.summary, () => headlineOf(one)), reason);
}

/** Characters of names in a summary. */
const NAMES = 200;

/** `; also income, region, tenure and 4 more`: what else there is by name, as far as somebody reads names. */
function alsoText(names: readonly string[]): string {
  return names.length === 0 ? '' : `; also ${namesWithin(names, NAMES)}`;
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

/** How a case ended, and why where the words alone do not say: only what recovered may be called so. */
function ending(last: Incident, changes: readonly IncidentChange[]): string {
  const { id, closeReason } = last;
  const reason = closeReason ?? 'recovered';
  const end = `${ENDINGS[reason]}${isCutShort(last) ? ' while it lasted' : ''}`;
  const why = changes.find(({ incident }) => incident.id === id)?.reason;
  const told = why !== undefined && (reason === 'superseded' || reason === 'manual');
  return told ? `${end} (${why}): ` : `${end}: `;
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
