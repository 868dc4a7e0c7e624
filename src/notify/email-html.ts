import type { CaseMessage, Finding } from '../domain/case-message.js';
import { factsOfCase, findingParts, headWord, leadText, standText } from './case-lines.js';
import { findingName } from './case-title.js';
import { newsWord } from './case-words.js';

/** Name under which the picture is attached and shown. */
export const PICTURE_ID = 'picture';

const COLOUR = { critical: '#b3261e', warning: '#b25b00', info: '#1d5fa8' } as const;
const OVER = '#2e6b34';
/** For the style of the whole mail: what the reader's machine has. */
export const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif";

/**
 * A case as an HTML mail: tables and inline styles, because mail programs know little else; readable without pictures and in the dark. Where
 * `PICTURE` stands the notifier puts the picture, or nothing.
 */
export function emailHtml(message: CaseMessage): string {
  const colour = message.state === 'CLOSED' ? OVER : COLOUR[message.severity];
  const name = message.version === '' ? message.model : `${message.model} ${message.version}`;
  const title = message.briefing?.title ?? message.summary;
  return `<!doctype html><html lang="en"><body style="margin:0;padding:16px;background:#f4f5f7;color:#1c1e21;${FONT};font-size:14px;line-height:1.45">
<table role="presentation" width="100%" style="max-width:680px;margin:0 auto;background:#ffffff;border:1px solid #d9dce1;border-collapse:collapse">
<tr><td style="padding:12px 20px;background:${colour};color:#ffffff"><span style="font-size:12px;letter-spacing:.06em">${escapeHtml(headWord(message))} · ${escapeHtml(name)}</span><br><strong style="font-size:19px">${escapeHtml(title)}</strong></td></tr>
<tr><td style="padding:16px 20px 4px">${escapeHtml(leadText(message))}</td></tr>
<tr><td style="padding:4px 20px">${PICTURE}</td></tr>
<tr><td style="padding:4px 20px 12px">${factTable(message)}</td></tr>
${newsRow(message)}
<tr><td style="padding:4px 20px 16px">${buttonTo(message.links.case, 'Open the case', colour)} ${runbookLink(message)}</td></tr>
<tr><td style="padding:8px 20px 16px;border-top:1px solid #d9dce1"><p style="margin:8px 0"><strong>Findings</strong> <span style="color:#5b6068">${message.open} open of ${message.total}</span></p>${findingTable(message.findings)}</td></tr>
<tr><td style="padding:8px 20px 14px;color:#5b6068;font-size:12px">Times are UTC. Case ${escapeHtml(message.caseId)}, revision ${message.seq}.</td></tr>
</table></body></html>`;
}

/** Replaced by the notifier. */
export const PICTURE = '<!--picture-->';

function factTable(message: CaseMessage): string {
  const rows = factsOfCase(message).map(
    ([label, text]) =>
      `<tr><td style="padding:3px 14px 3px 0;color:#5b6068;white-space:nowrap;vertical-align:top">${escapeHtml(label)}</td><td style="padding:3px 0;vertical-align:top">${escapeHtml(text)}</td></tr>`,
  );
  return `<table role="presentation" style="border-collapse:collapse">${rows.join('')}</table>`;
}

function newsRow({ news, purpose, said }: CaseMessage): string {
  if (news.length + said.length === 0 || purpose === 'opened') return '';
  const deeds = said.map((deed) => `<li style="margin:2px 0">${escapeHtml(deed)}</li>`);
  const items = news.map(
    ({ kind, text }) =>
      `<li style="margin:2px 0"><strong>${escapeHtml(newsWord(kind))}</strong> ${escapeHtml(text)}</li>`,
  );
  return `<tr><td style="padding:4px 20px 12px"><strong>News</strong><ul style="margin:4px 0;padding-left:20px">${[...deeds, ...items].join('')}</ul></td></tr>`;
}

function findingTable(findings: readonly Finding[]): string {
  const cell = 'style="padding:6px 10px 6px 0;border-top:1px solid #e6e8eb;vertical-align:top"';
  const rows = findings.map((finding) => {
    const explains = finding.explains === undefined ? '' : `<br>explains ${finding.explains} more`;
    return `<tr><td ${cell}><strong>${escapeHtml(findingName(finding))}</strong><br><span style="color:#5b6068">${finding.severity}, ${standText(finding)}</span></td><td ${cell}>${findingParts(finding).map(escapeHtml).join('<br>')}<br><span style="color:#5b6068">${escapeHtml(policyText(finding))}${explains}</span></td></tr>`;
  });
  return `<table width="100%" style="border-collapse:collapse">${rows.join('')}</table>`;
}

function runbookLink({ briefing }: CaseMessage): string {
  return briefing?.runbook
    ? `<a href="${escapeHtml(briefing.runbook)}" style="margin-left:12px">Runbook</a>`
    : '';
}

function buttonTo(url: string, text: string, colour: string): string {
  return `<a href="${escapeHtml(url)}" style="display:inline-block;padding:8px 16px;background:${colour};color:#ffffff;text-decoration:none;border-radius:4px">${text}</a>`;
}

/** Which rule of which policy decided. */
export function policyText({ policy }: Finding): string {
  return `policy ${policy.id} v${policy.version}, rule ${policy.rule}`;
}

const ENTITY: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Names in data are somebody else's text. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITY[character] ?? character);
}
