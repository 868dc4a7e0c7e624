import type { CaseMessage, Finding, News } from '../domain/case-message.js';
import type { DigestMessage } from '../domain/digest-message.js';
import { testText, type TestMessage } from '../domain/test-message.js';
import type { TrainingStep } from '../domain/training-notice.js';
import { cutBetweenWords, minuteText } from '../domain/wording.js';
import { beyondSize, factsOfCase, leadText, sizeText, standText } from './case-lines.js';
import { findingName } from './case-title.js';
import { criticalNews, isBack, isByItself, isLoud } from './case-news.js';
import { digestLine, digestReason, digestRest, digestTitle } from './digest-lines.js';
import { caseTitle } from './message.js';
import { noticeAppendix, noticeLink, noticeText, type Notice } from './notice-text.js';
import { CLICKS } from './slack-click.js';

interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
}
interface Markdown {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** Slack makes links of nothing by itself: an address in a category is text. */
  readonly verbatim: true;
}
type Button = { type: 'button'; action_id: string; text: PlainText } & ({ url: string } | { value: string });
type Block =
  | { type: 'header'; block_id: string; text: PlainText }
  | { type: 'section'; block_id: string; text: Markdown }
  | { type: 'context'; block_id: string; elements: Markdown[] }
  | {
      type: 'actions';
      block_id: string;
      elements: Button[];
    };

/** A message as Slack takes it; `text` is what notifications and screen readers show. */
export interface SlackMessage {
  readonly text: string;
  readonly blocks: Block[];
}

/** From everything to the bare words: what is sent when Slack refuses the one before. */
export const SLACK_RENDERINGS = ['full', 'compact', 'plain'] as const;
export type SlackRendering = (typeof SLACK_RENDERINGS)[number];

const HEADER = 150;
const SECTION = 3_000;
const FINDING = 500;
const FACT = 600;
/** Slack's own, undocumented, limit lies near 13 200 characters over all blocks; this leaves room for what it counts besides. */
const WHOLE = 12_000;
const SHOWN = { full: 15, compact: 3, plain: 0 } as const;
const SIGN = { critical: '🔴', warning: '🟠', info: '🔵' } as const;

/**
 * One case as Slack blocks, within Slack's limits for any input. Every name from events is escaped, so that a category called
 * `<!channel>` calls nobody. Block ids carry `seq`, because an edit must not reuse those of the message it replaces.
 */
export function slackMessage(
  message: CaseMessage,
  rendering: SlackRendering,
  isInteractive = false,
): SlackMessage {
  const call = message.call?.kind === 'escalated' ? 'Escalated: ' : '';
  const title = `${sign(message)} ${call}${caseTitle(message)}${stateWord(message)}`;
  const text = escaped(`${title}: ${leadText(message)}`, SECTION);
  if (rendering === 'plain') return { text, blocks: [] };
  const id = (part: string): string => `tidewatch-${message.seq}-${part}`;
  const head: Block[] = [
    {
      type: 'header',
      block_id: id('header'),
      text: { type: 'plain_text', text: clip(cutBetweenWords(title, HEADER), HEADER) },
    },
    { type: 'section', block_id: id('why'), text: markdown(why(message)) },
  ];
  const tail: Block[] = [
    { type: 'context', block_id: id('context'), elements: [markdown(footer(message))] },
    {
      type: 'actions',
      block_id: id('actions'),
      elements: [button(message.links.case), ...(isInteractive ? clicks(message) : [])],
    },
  ];
  const lines = message.findings.slice(0, SHOWN[rendering]).map(findingLine);
  const kept = within(lines, WHOLE - size([...head, ...tail]) - text.length);
  const blocks = kept.map((line, index): Block => {
    return { type: 'section', block_id: id(`finding-${index}`), text: markdown(line) };
  });
  return { text, blocks: [...head, ...blocks, ...tail] };
}

/** That it arrived, as text. */
export function slackTest(test: TestMessage): SlackMessage {
  return { text: escaped(testText(test), SECTION), blocks: [] };
}

/** A notice, as text; with the buttons for a yes or no where it is about a training of a case that waits for one. */
export function slackNotice(notice: Notice, isInteractive = false): SlackMessage {
  const kept = noticeAppendix(notice);
  const text = [noticeText(notice), ...(kept === null ? [] : [`\`\`\`${kept}\`\`\``]), noticeLink(notice)].map((part) => escaped(part, SECTION)).join('\n'); // prettier-ignore
  if (!isInteractive || notice.type !== 'training_notice' || !notice.caseId || !ASKS.has(notice.end))
    return { text, blocks: [] };
  const buttons = ANSWERS.map((kind) => clickButton(kind, notice.caseId ?? ''));
  return {
    text,
    blocks: [
      { type: 'section', block_id: 'tidewatch-notice', text: markdown(text) },
      { type: 'actions', block_id: 'tidewatch-answers', elements: buttons },
    ],
  };
}

/** Steps of a training that ask for a yes or no. */
const ASKS: ReadonlySet<string> = new Set<TrainingStep>(['proposed', 'promotion_proposed']);
const ANSWERS = ['approve', 'reject'] as const;

/** What was held back, as text. */
export function slackDigest(digest: DigestMessage): SlackMessage {
  const rest = digestRest(digest);
  const lines = digest.cases.map(
    (one) => `• <${escaped(one.link, 1_000)}|${escaped(digestLine(one), FINDING)}>`,
  );
  const parts = [`🗞️ *${escaped(digestTitle(digest), FINDING)}*`, escaped(digestReason(digest), FINDING), ...lines, ...(rest === null ? [] : [rest])]; // prettier-ignore
  return { text: within(parts, WHOLE).join('\n'), blocks: [] };
}

/** What a thread is told of a change: a line, because people are notified of every one. Null when an edit says enough. */
export function threadNote(message: CaseMessage): string | null {
  const said = message.said.map((deed) => `👤 ${escaped(deed, FINDING)}`);
  if (message.purpose === 'closed')
    return within([escaped(`✅ Closed. ${message.summary}`, SECTION / 2), ...said], SECTION).join('\n');
  if (message.purpose === 'reopened')
    return within(
      [
        escaped(
          `${sign(message)} ${isBack(message) ? 'Back again' : 'New in a case that was over'}: ${message.summary}`,
          SECTION / 2,
        ),
        ...said,
      ],
      SECTION,
    ).join('\n');
  const isTold = ({ kind }: News): boolean =>
    TOLD.has(kind) && (kind !== 'acknowledged' || said.length === 0);
  const news = message.news.filter(isTold);
  const notes = [...said, ...news.map(({ kind, text }) => `${NEWS[kind] ?? ''} ${escaped(text, FINDING)}`)];
  if (message.call) notes.unshift(`⏰ ${escaped(message.call.text, FINDING)}`);
  if (message.rises) notes.unshift(`${sign(message)} Now ${message.severity}`);
  else if (criticalNews(message).size > 0) notes.unshift(`${SIGN.critical} New and critical`);
  return notes.length === 0 ? null : within(notes, SECTION).join('\n');
}

/** Whether a message only changes one that is there, which notifies nobody. */
export function isSilentEdit(message: CaseMessage): boolean {
  return message.purpose === 'updated' && threadNote(message) === null;
}

/** Whether everybody in the channel should see the note, not the thread alone. */
export function isBroadcast(message: CaseMessage): boolean {
  return (
    message.purpose === 'reopened' ||
    isLoud(message) ||
    message.news.some((one) => one.kind === 'escalated' && isByItself(one))
  );
}

const NEWS: Readonly<Record<string, string>> = {
  opened: '➕ New:',
  escalated: '⏫ Worse:',
  reopened: '↩️ Back:',
  acknowledged: '👀 Acknowledged:',
  withdrawn: '✖️ Withdrawn:',
  superseded: '⏭️ Superseded:',
};
const TOLD = new Set(Object.keys(NEWS));

function why(message: CaseMessage): string {
  const counts = `${message.state === 'CLOSED' ? 'all over' : `${message.open} open`} of ${message.total}`;
  const severity = message.state === 'CLOSED' ? '' : `${message.severity} · `;
  const facts = factsOfCase(message).map(([name, text]) => `*${name}* ${escaped(text, FACT)}`);
  const runbook = message.briefing?.runbook;
  const more = runbook ? [`*Runbook* <${escaped(runbook, 1_000)}|what to do>`] : [];
  const head = [escaped(leadText(message), 800), `${severity}${counts}`];
  return within([...head, ...facts, ...more], SECTION).join('\n');
}

function findingLine(finding: Finding): string {
  const since = minuteText(new Date(finding.since ?? finding.openedAt));
  const explains = finding.explains === undefined ? '' : ` · explains ${finding.explains} more`;
  const numbers = `${sizeText(finding)} · ${standText(finding)}, since ${since} UTC${explains}`;
  const said = beyondSize(finding);
  return `*${escaped(findingName(finding), 200)}*${said === null ? '' : ` ${escaped(said, FINDING)}`}\n${escaped(numbers, 400)}`;
}

function footer(message: CaseMessage): string {
  const policies = new Set(
    message.findings.map(({ policy }) => `${policy.id} v${policy.version} / ${policy.rule}`),
  );
  return escaped(
    `case ${message.caseId} · revision ${message.seq} · policy ${[...policies].slice(0, 3).join(', ')}`,
    1_000,
  );
}

function button(url: string): Button {
  return {
    type: 'button',
    action_id: 'open',
    text: { type: 'plain_text', text: 'Open in Tidewatch' },
    url: url.slice(0, 3_000),
  };
}

/** What a person can do about it at once; nothing about what is over. */
function clicks({ state, caseId, briefing }: CaseMessage): readonly Button[] {
  if (state === 'CLOSED') return [];
  const kinds = CLICKS.filter((kind) => briefing?.asksTraining || (kind !== 'approve' && kind !== 'reject'));
  return kinds.map((kind) => clickButton(kind, caseId));
}

function clickButton(kind: (typeof CLICKS)[number], value: string): Button {
  return { type: 'button', action_id: kind, text: { type: 'plain_text', text: CLICK_TEXT[kind] }, value };
}

const CLICK_TEXT: Readonly<Record<(typeof CLICKS)[number], string>> = {
  acknowledge: 'Acknowledge',
  assign: 'Assign to me',
  silence_1h: 'Silence 1 h',
  silence_24h: 'Silence 24 h',
  normal: 'This is normal',
  approve: 'Approve training',
  reject: 'Reject training',
};

function markdown(text: string): Markdown {
  return { type: 'mrkdwn', text, verbatim: true };
}

function sign(message: CaseMessage): string {
  return message.state === 'CLOSED' ? '✅' : SIGN[message.call?.severity ?? message.severity];
}

function stateWord({ state, hands, call }: CaseMessage): string {
  // What waits is nobody's, though others of the case may be somebody's.
  if (state === 'OPEN' || call) return '';
  const by = state === 'ACKNOWLEDGED' && hands?.acknowledgedBy ? ` by ${hands.acknowledgedBy}` : '';
  return ` (${state.toLowerCase()}${by})`;
}

/** The first lines that fit into a number of characters together. */
export function within(lines: readonly string[], budget: number): readonly string[] {
  let used = 0;
  return lines.filter((line) => (used += line.length + 1) <= budget);
}

function size(blocks: readonly Block[]): number {
  return JSON.stringify(blocks).length;
}

const ENTITY: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escapes Slack's three control characters and cuts to a length, never inside an entity or a surrogate pair. */
export function escaped(text: string, length: number): string {
  const parts = Array.from(text).map((character) => ENTITY[character] ?? character);
  let used = 0;
  const end = parts.findIndex((part) => (used += part.length) > length - 1);
  return end === -1 ? parts.join('') : `${parts.slice(0, end).join('')}…`;
}

function clip(text: string, length: number): string {
  const characters = Array.from(text);
  let used = 0;
  const end = characters.findIndex((character) => (used += character.length) > length - 1);
  return end === -1 ? text : `${characters.slice(0, end).join('')}…`;
}
