import { ROOT_CAUSES } from '../domain/root-cause.js';
import { minuteText, spanText, words } from '../domain/wording.js';
import type { CaseFile } from '../incidents/case-files.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { SeriousIncident } from '../incidents/serious-incident.js';
import type { IncidentCase } from '../incidents/incidents.js';
import type { CaseHands } from '../notify/case-hands.js';
import type { CaseNow } from '../notify/case-now.js';
import type { WhyNormal } from '../notify/slack-normal-form.js';
import { html, type Html } from './html.js';
import type { CaseMessage } from '../domain/case-message.js';
import { factsOfCase, headWord, leadText } from '../notify/case-lines.js';
import type { Trend } from '../notify/trend-picture.js';
import { factList } from './fact-list.js';
import type { ToldRow } from './incident.reads.js';
import { toldTable } from './told-table.js';
import { trendFigure } from './trend-figure.js';
import { incidentTable } from './incident-table.js';
import type { PageContent } from './layout.js';
import { approvalPath, casePath, modelLink } from './links.js';
import { seriousPanel } from './serious.panel.js';
import { incidentState, severityBadge } from './state.js';

export interface CasePage {
  readonly found: IncidentCase;
  /** What a message would say of it now. */
  readonly message: CaseMessage;
  readonly about: CaseNow<IncidentRecord>;
  /** Who has it. */
  readonly hands: CaseHands;
  /** How large the leading finding was, window by window. */
  readonly trend: Trend;
  readonly file: CaseFile;
  /** Incidents of other models that are told with it. */
  readonly guests: readonly IncidentRecord[];
  /** Null where nobody said that it is a serious incident. */
  readonly serious: SeriousIncident | null;
  readonly told: readonly ToldRow[];
  readonly mayOperate: boolean;
  /** The approval under which its end waits for others; null where none does. */
  readonly closing: string | null;
  /** What whoever calls it normal is asked, and told of what follows; null of a case that is over. */
  readonly normal: WhyNormal | null;
  readonly now: Date;
}

/** One case: where links in messages lead; what is known, what was done, and what a person can do. */
export function casePage(page: CasePage): PageContent {
  const { found, message, about, file, told, now, trend } = page;
  const title = message.briefing?.title ?? message.summary;
  const body = html`<p class="crumbs"><a href="/incidents">Incidents</a> / ${found.id}</p>
    <h1>${title}</h1>
    <p>${severityBadge(message.severity)} ${incidentState(found.state)} ${modelLink(found.model)} ${found.version} <span class="hint">opened ${minuteText(found.openedAt)} by the clock, ${found.closedAt ? `closed ${minuteText(found.closedAt)}` : `${spanText(now.getTime() - found.openedAt.getTime())} ago`}</span></p>
    ${handled(page.hands)}
    <section class="panel"><p><strong>${leadText(message)}</strong></p>${facts(message)}</section>
    ${trendFigure(about.leading, trend)}
    ${seriousPanel({ caseId: found.id, serious: page.serious, mayOperate: page.mayOperate, now })}
    ${actions(page)}
    ${findings(page)}
    ${inOtherModels(page)}
    <div class="grid">
      <section class="panel"><h2>Activity</h2>${activity(file)}</section>
      <section class="panel"><h2>Who was told</h2>${toldTable(told)}</section>
    </div>`; // prettier-ignore
  return { title: `${headWord(message)} ${found.model}: ${title}`, section: 'incidents', body, live: true, charts: true };
} // prettier-ignore

/** What the mail about it says, and where the people who wrote the rule say what to do. */
function facts(message: CaseMessage): Html {
  const runbook = message.briefing?.runbook ?? null;
  const list = factsOfCase(message).map(([name, text]) => [name, text] as const);
  return factList(
    runbook === null ? list : [...list, ['Runbook', html`<a href="${runbook}">${runbook}</a>`]],
  );
}

/** What stands by itself, the leading one first, and behind it what follows from that. */
function findings({ found, about, message }: CasePage): Html {
  const noteOf = (id: string) => message.findings.find(({ incidentId }) => incidentId === id)?.quiet;
  const own = about.ranked.filter(({ caseId }) => caseId === found.id);
  const standing = own.filter(({ explainedBy }) => explainedBy === null);
  const following = own.filter(({ explainedBy }) => explainedBy !== null);
  const rest =
    standing.length > 0 && following.length > 0
      ? html`<details><summary>${following.length} that follow from these</summary>${incidentTable(following, 'None.', { ofOneModel: true })}</details>`
      : null;
  return html`<section class="panel"><h2>Findings</h2>${incidentTable(standing.length > 0 ? standing : own, 'None.', { ofOneModel: true, noteOf })}${rest}</section>`;
} // prettier-ignore

/** What one source at fault does to other models, or the case of the model with which this one is told. */
function inOtherModels({ found, guests }: CasePage): Html | null {
  if (found.partOf !== null)
    return html`<p role="status">It is told with <a href="${casePath(found.partOf)}">the case of another model</a>, which has faults of the same source; what outlives that is told by itself.</p>`;
  if (guests.length === 0) return null;
  return html`<section class="panel"><h2>In other models, by the same source</h2>${incidentTable(guests, 'None.')}</section>`;
} // prettier-ignore

function handled({ assignee, acknowledgedBy, acknowledgedAt, rootCause }: CaseHands): Html | null {
  const facts = [
    assignee && `with ${assignee}`,
    acknowledgedBy &&
      `acknowledged by ${acknowledgedBy}${acknowledgedAt ? ` at ${minuteText(acknowledgedAt)}` : ''}`,
    rootCause && `was: ${rootCause}`,
  ].filter(Boolean);
  return facts.length === 0 ? null : html`<p>${facts.join(' · ')}</p>`;
}

function activity({ activity: list }: CaseFile): Html {
  if (list.length === 0) return html`<p class="empty">Nobody has done anything about it yet.</p>`;
  const items = list.map(
    ({ at, by, what, text }) =>
      html`<li>
        <strong>${by}</strong> ${what === 'noted' ? 'noted:' : what} ${text}
        <span class="when">${minuteText(at)}</span>
      </li>`,
  );
  return html`<ol class="story">
    ${items}
  </ol>`;
}

function actions({ found, file, about, mayOperate, closing, normal }: CasePage): Html {
  if (!mayOperate) return html`<p class="hint">A key that may operate can act on this case.</p>`;
  const open = found.state === 'OPEN';
  const isTaken = about.held !== null;
  const byHand = found.members.some(({ closeReason }) => closeReason === 'manual');
  const to = (verb: string) => `${casePath(found.id)}/${verb}`;
  const causes = ROOT_CAUSES.map((one) => html`<option value="${one}">${words(one)}</option>`);
  return html`<section class="panel">
    ${closing !== null && html`<p role="status">Its end was asked for and <a href="${approvalPath(closing)}">waits for a yes or no</a>.</p>`}
    ${
      open &&
      html`<form class="tools" method="post" action="${to('acknowledge')}">
        <button>${isTaken ? 'Take over' : 'Acknowledge all'}</button>
        <span class="hint">It stops asking for attention for a day, or until it becomes worse. Its end is told all the same.</span>
      </form>`
    }
    <form class="tools" method="post" action="${to('assign')}">
      <label>Assign to <input name="to" value="${file.assignee}" /></label><button>Assign</button>
    </form>
    <form class="tools" method="post" action="${to('note')}">
      <label>Note <input name="note" required /></label><button>Write down</button>
    </form>
    ${normal && html`<form class="tools" method="post" action="${to('normal')}">
      <label>This is normal, because <input name="reason" required /></label>${normal.namedAlone.map((check) => html`<label><input type="checkbox" name="checks" value="${check}" /> ${words(check)} as well</label>`)}<button>Say so</button>
      <span class="hint">${normal.follows}</span>
    </form>`}
    <form class="tools" method="post" action="${to('close')}">
      <label>It was <select name="rootCause" required><option value="">choose what it was</option>${causes}</select></label>
      <label>Why <input name="note" required /></label><button>${open ? 'Close' : 'Say what it was'}</button>
      ${open && html`<span class="hint">If the next windows still show it, it opens again; a <a href="/silences">silence</a> keeps it quiet.</span>`}
    </form>
    ${
      !open &&
      byHand &&
      html`<form class="tools" method="post" action="${to('reopen')}">
        <label>Why <input name="reason" required /></label><button>Open again</button>
      </form>`
    }
  </section>`; // prettier-ignore
}
