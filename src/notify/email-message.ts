import type { CaseMessage, Finding } from '../domain/case-message.js';
import { caseTitle } from './message.js';

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
    `Since ${message.since ?? 'unknown'}, opened ${message.openedAt}${message.closedAt === null ? '' : `, closed ${message.closedAt}`}`,
  ];
  const rows = message.findings.map(cells);
  const text = [...facts, '', ...rows.map((row) => row.join(' | ')), '', message.links.case].join('\r\n');
  return { subject: singleLine(subject), text, html: html(facts, rows, message.links.case) };
}

const HEAD = ['What', 'Finding', 'Value', 'Effect', 'n', 'State', 'Since', 'Policy'];

function cells(finding: Finding): readonly string[] {
  const { policy } = finding;
  return [
    `${finding.feature ?? finding.check}${finding.segment === '' ? '' : ` [${finding.segment}]`}`,
    finding.explanation,
    `${finding.statistic} ${number(finding.value)}`,
    number(finding.effect),
    finding.n === null ? '–' : String(finding.n),
    finding.state.toLowerCase(),
    finding.since ?? finding.openedAt,
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

function number(value: number | null): string {
  return value === null ? 'not computed' : String(Number(value.toPrecision(4)));
}

/** A line break in a name must not start another header. */
function singleLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
