import type { CaseMessage, Finding } from '../domain/case-message.js';
import type { TrainingNotice } from '../domain/training-notice.js';
import { effectText, statisticText, valueText } from '../domain/statistic-text.js';
import { countText, minuteText } from '../domain/wording.js';
import { caseTitle } from './message.js';
import { noticeText, noticeTitle } from './notice-text.js';

/** A message as a mail: subject without the changing parts, the same content as text and as HTML. */
export interface EmailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** One case as a mail. Mail programs thread by subject as well, so it names the case and never its state or counts. */
export function emailMessage(message: CaseMessage): EmailText {
  const name = message.version === '' ? message.model : `${message.model} ${message.version}`;
  const subject = `[Tidewatch] ${name}: case ${message.caseId}`;
  const facts = [
    `${message.purpose.toUpperCase()}: ${caseTitle(message)}`,
    message.summary,
    `Severity ${message.severity}, ${message.open} open of ${message.total}, owner ${message.owner}`,
    `Since ${message.since === null ? 'unknown' : minuteOf(message.since)}, told ${minuteOf(message.openedAt)}${message.closedAt === null ? '' : `, closed ${minuteOf(message.closedAt)}`} (UTC)`,
  ];
  const rows = message.findings.map(cells);
  const text = [...facts, '', ...rows.map((row) => row.join(' | ')), '', message.links.case].join('\r\n');
  return { subject: singleLine(subject), text, html: html(facts, rows, message.links.case) };
}

/** A training that did not come about as a mail. */
export function noticeEmail(notice: TrainingNotice): EmailText {
  const text = noticeText(notice);
  const link = notice.links.retraining;
  const page = `<!doctype html><html><body><p>${escapeHtml(text)}</p><p><a href="${escapeHtml(link)}">Open in Tidewatch</a></p></body></html>`;
  const subject = singleLine(`[Tidewatch] ${noticeTitle(notice)}`);
  return { subject, text: [text, '', link].join('\r\n'), html: page };
}

const HEAD = ['What', 'Finding', 'Value', 'Effect', 'Rows', 'In all', 'State', 'Since', 'Found', 'Policy'];

function cells(finding: Finding): readonly string[] {
  const { policy, check, statistic, value, effect } = finding;
  return [
    `${finding.feature ?? finding.check}${finding.segment === '' ? '' : ` [${finding.segment}]`}`,
    finding.explanation,
    `${statisticText(statistic)} ${value === null ? 'not computed' : valueText(check, statistic, value)}`,
    effectText(check, statistic, effect),
    finding.n === null ? '–' : countText(finding.n),
    finding.extent ?? '–',
    finding.state.toLowerCase(),
    minuteOf(finding.since ?? finding.openedAt),
    minuteOf(finding.foundAt ?? finding.openedAt),
    `${policy.id} v${policy.version} / ${policy.rule}`,
  ];
}

function html(facts: readonly string[], rows: readonly (readonly string[])[], link: string): string {
  const row = (tag: string, texts: readonly string[]): string =>
    `<tr>${texts.map((text) => `<${tag} align="left">${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  const table = `<table border="1" cellpadding="4" cellspacing="0">${row('th', HEAD)}${rows.map((texts) => row('td', texts)).join('')}</table>`;
  const paragraphs = facts.map((fact) => `<p>${escapeHtml(fact)}</p>`).join('');
  return `<!doctype html><html><body>${paragraphs}${table}<p><a href="${escapeHtml(link)}">Open in Tidewatch</a></p></body></html>`;
}

const ENTITY: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITY[character] ?? character);
}

function minuteOf(instant: string): string {
  return minuteText(new Date(instant));
}

/** A line break in a name must not start another header. */
function singleLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
