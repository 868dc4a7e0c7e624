import type { Flap, WeeklyMessage } from '../domain/weekly-message.js';
import { escapeHtml, FONT } from './email-html.js';
import type { EmailText } from './email-message.js';
import { flapLine, precisionLine, proposalLine, weeklyFacts, weeklyLines, weeklyRest, weeklyTitle } from './weekly-lines.js'; // prettier-ignore

/** A week as a mail. */
export function weeklyEmail(message: WeeklyMessage): EmailText {
  const { links, to } = message;
  const title = weeklyTitle(message);
  const text = [title, '', ...weeklyLines(message), '', links.cases].join('\r\n');
  return { subject: `[Tidewatch] Week to ${to.slice(0, 10)}`, text, html: htmlOf(message, title) };
}

function htmlOf(message: WeeklyMessage, title: string): string {
  const { flaps, precision, links } = message;
  const rest = weeklyRest(message);
  const facts = weeklyFacts(message).map((line) => `<p style="margin:4px 0">${escapeHtml(line)}</p>`);
  const came = flaps.length === 0 ? '' : `<h2 style="font-size:15px">Came and went</h2><ul>${flaps.map(flapItem).join('')}</ul>`; // prettier-ignore
  const right = precision.length === 0 ? '' : `<h2 style="font-size:15px">How often checks were right</h2><ul>${precision.map((one) => `<li style="margin:4px 0">${escapeHtml(precisionLine(one))}</li>`).join('')}</ul>`; // prettier-ignore
  const more = rest === null ? '' : `<p>${escapeHtml(rest)}</p>`;
  return `<!doctype html><html lang="en"><body style="color:#1c1e21;${FONT};font-size:14px;line-height:1.45">
<h1 style="font-size:19px">${escapeHtml(title.slice(0, 1).toUpperCase() + title.slice(1))}</h1>
${[...facts, came, more, right].join('\n')}
<p><a href="${escapeHtml(links.cases)}">All incidents</a></p>
<p style="color:#5b6068;font-size:12px">Times are UTC. When this is sent, and whether, stands in the channels file under <code>weekly</code>.</p>
</body></html>`;
}

function flapItem(flap: Flap): string {
  const proposal = proposalLine(flap);
  const below = proposal === null ? '' : `<br><code style="color:#5b6068">${escapeHtml(proposal)}</code>`;
  return `<li style="margin:6px 0"><a href="${escapeHtml(flap.link)}">${escapeHtml(flapLine(flap))}</a>${below}</li>`;
}
