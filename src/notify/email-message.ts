import type { CaseMessage } from '../domain/case-message.js';
import type { DigestMessage } from '../domain/digest-message.js';
import { testText, type TestMessage } from '../domain/test-message.js';
import { cutBetweenWords } from '../domain/wording.js';
import { factsOfCase, findingParts, headWord, leadText, standText } from './case-lines.js';
import { findingName } from './case-title.js';
import { newsWord } from './case-words.js';
import { emailHtml, escapeHtml, policyText } from './email-html.js';
import { caseTitle } from './message.js';
import { digestLine, digestReason, digestRest, digestTitle } from './digest-lines.js';
import { noticeAppendix, noticeLink, noticeText, noticeTitle, type Notice } from './notice-text.js';

/** A message as a mail: subject without the changing parts, the same content as text and as HTML. */
export interface EmailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * One case as a mail. The subject says how bad, which model and what; a thread keeps the subject of its first mail, which the notifier puts in
 * front of later ones.
 */
export function emailMessage(message: CaseMessage): EmailText {
  const name = message.version === '' ? message.model : `${message.model} ${message.version}`;
  const title = message.briefing?.title ?? message.summary;
  const subject = cutBetweenWords(singleLine(`[Tidewatch] ${headWord(message)} ${name}: ${title}`), SUBJECT);
  return { subject, text: emailText(message), html: emailHtml(message) };
}

/** Longer ones are cut by mail programs, and folded by servers. */
const SUBJECT = 200;

function emailText(message: CaseMessage): string {
  const { findings, links, news, briefing } = message;
  const facts = factsOfCase(message).map(([label, text]) => `${label}: ${text}`);
  const said = (message.purpose === 'opened' ? [] : news).map(
    ({ kind, text }) => `${newsWord(kind)}: ${text}`,
  );
  const rows = findings.map((finding) => `- ${findingName(finding)}: ${findingParts(finding, standText(finding), policyText(finding)).join(' | ')}`); // prettier-ignore
  const parts = [
    `${headWord(message)} ${caseTitle(message)}`,
    leadText(message),
    '',
    ...facts,
    ...(briefing?.runbook ? [`Runbook: ${briefing.runbook}`] : []),
    ...(said.length + message.said.length > 0 ? ['', 'News', ...message.said, ...said] : []),
    '',
    `Findings (${message.open} open of ${message.total})`,
    ...rows,
    '',
    links.case,
  ];
  return parts.join('\r\n');
}

/** What was held back as a mail. */
export function digestEmail(digest: DigestMessage): EmailText {
  const [title, reason, rest] = [digestTitle(digest), digestReason(digest), digestRest(digest)];
  const items = digest.cases.map((one) => `<li style="margin:4px 0"><a href="${escapeHtml(one.link)}">${escapeHtml(digestLine(one))}</a></li>`); // prettier-ignore
  const more = rest === null ? '' : `<p>${rest}</p>`;
  const html = `<!doctype html><html lang="en"><body><h1 style="font-size:19px">${escapeHtml(title)}</h1><p>${escapeHtml(reason)}</p><ul>${items.join('')}</ul>${more}<p><a href="${escapeHtml(digest.links.cases)}">All cases</a></p></body></html>`;
  const lines = digest.cases.map((one) => `- ${digestLine(one)} ${one.link}`);
  const text = [title, reason, '', ...lines, ...(rest === null ? [] : [rest]), '', digest.links.cases];
  return { subject: `[Tidewatch] ${title}`, text: text.join('\r\n'), html };
}

/** A notice as a mail. */
export function noticeEmail(notice: Notice): EmailText {
  const text = noticeText(notice);
  const link = noticeLink(notice);
  const kept = noticeAppendix(notice);
  const shown = kept === null ? '' : `<pre>${escapeHtml(kept)}</pre>`;
  const page = `<!doctype html><html><body><p>${escapeHtml(text)}</p>${shown}<p><a href="${escapeHtml(link)}">Open in Tidewatch</a></p></body></html>`;
  const subject = singleLine(`[Tidewatch] ${noticeTitle(notice)}`);
  return { subject, text: [text, ...(kept === null ? [] : ['', kept]), '', link].join('\r\n'), html: page };
}

/** That it arrived, as a mail. */
export function testEmail(test: TestMessage): EmailText {
  const text = testText(test);
  const link = test.links.channels;
  const html = `<!doctype html><html lang="en"><body><p>${escapeHtml(text)}</p><p><a href="${escapeHtml(link)}">Channels</a></p></body></html>`;
  return { subject: '[Tidewatch] Test', text: [text, '', link].join('\r\n'), html };
}

/** A line break in a name must not start another header. */
function singleLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}
