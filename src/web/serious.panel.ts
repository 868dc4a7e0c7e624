import { askedInstant } from '../domain/instant.js';
import { SERIOUS_CLASSES, SERIOUS_CLASS_NAMES, type SeriousClass } from '../domain/serious-class.js';
import { minuteText, spanText, words } from '../domain/wording.js';
import {
  clockOf,
  REPORT_KINDS,
  type FiledReport,
  type SeriousIncident,
} from '../incidents/serious-incident.js';
import type { SeriousAction } from '../pipeline/act-on-serious.js';
import { lateBy } from '../incidents/late-report.js';
import { html, type Html } from './html.js';
import { casePath } from './links.js';
import { PageError } from './page-error.js';

interface SeriousPanel {
  readonly caseId: string;
  /** Null where nobody said that it is one. */
  readonly serious: SeriousIncident | null;
  readonly mayOperate: boolean;
  readonly now: Date;
}

/** How long there is to report a serious incident, what was reported to whom, and what a person can say of it. */
export function seriousPanel({ caseId, serious, mayOperate, now }: SeriousPanel): Html | null {
  const to = (verb: string) => `${casePath(caseId)}/${verb}`;
  const classes = SERIOUS_CLASS_NAMES.map((name) => html`<option value="${name}">${SERIOUS_CLASSES[name].text} (${SERIOUS_CLASSES[name].days} days)</option>`);
  const declare = html`<details><summary>${serious && !serious.withdrawn ? 'It is of another class, or known since another time' : 'This is a serious incident (AI Act, Article 73)'}</summary>
    <form class="tools" method="post" action="${to('serious')}">
      <label>It is <select name="class">${classes}</select></label>
      <label>Known since <input name="awareAt" placeholder="2026-11-21T10:00:00Z; left out: now" /></label>
      <label>Why <input name="reason" required /></label><button>Declare</button>
    </form></details>`;
  const withdrawn = serious?.withdrawn;
  if (withdrawn)
    return html`<section class="panel"><h2>No serious incident any more</h2>
      <p>${withdrawn.by} withdrew it on ${minuteText(withdrawn.at)} UTC (<a href="/audit?before=${withdrawn.seq + 1}">entry ${withdrawn.seq}</a>): ${withdrawn.reason}</p>
      <p>${SERIOUS_CLASSES[serious.class].text}; known since ${minuteText(serious.awareAt)} UTC, declared by ${serious.by}: ${serious.reason}</p>
      ${mayOperate && declare}</section>`;
  if (!serious) return mayOperate ? html`<section class="panel">${declare}</section>` : null;
  const { reports, awareAt, by, reason, class: what } = serious;
  const list = reports.map((one) => html`<li><strong>${words(one.kind)} report</strong> to ${one.recipients.join(', ')} by ${one.by} <span class="when">${minuteText(one.at)}</span> <a href="/audit?before=${one.seq + 1}">entry ${one.seq}</a>${lateMark(serious, one)}</li>`);
  const kinds = REPORT_KINDS.map((kind) => html`<option value="${kind}">${words(kind)}</option>`);
  const forms = html`<form class="tools" method="post" action="${to('report')}">
      <label>The <select name="kind">${kinds}</select> report</label>
      <label>goes to <input name="recipients" required placeholder="authority, provider" /></label>
      <label>Note, if any <input name="note" /></label><button>Record that it goes out</button>
      <span class="hint">It is made from what stands here and kept in the ledger. To read it before: <code>tidewatch incident report ${caseId}</code></span>
    </form>${declare}
    ${reports.length === 0 && html`<form class="tools" method="post" action="${to('not-serious')}">
      <label>It is no serious incident, because <input name="reason" required /></label><button class="quiet">Withdraw</button>
    </form>`}`;
  return html`<section class="panel"><h2>Serious incident</h2>
    <p>${clockLine(serious, now)}</p>
    <p>${SERIOUS_CLASSES[what].text}; known since ${minuteText(awareAt)} UTC, declared by ${by}: ${reason}</p>
    ${list.length > 0 && html`<ol class="story">${list}</ol>`}
    ${mayOperate && forms}
  </section>`;
} // prettier-ignore

function lateMark(serious: SeriousIncident, report: FiledReport): Html | null {
  const late = lateBy(serious, report);
  return late === null ? null : html` <span class="state alert">late by ${spanText(late)}</span>`;
}

function clockLine(serious: SeriousIncident, now: Date): Html {
  const { state, awaited, dueAt, remainingMs } = clockOf(serious, now);
  if (awaited === null || remainingMs === null)
    return html`<span class="state ok">reported</span> the final report is out`;
  const what = `${words(awaited)} report due ${minuteText(dueAt)} UTC`;
  return state === 'OVERDUE'
    ? html`<span class="state alert">overdue</span> ${what}, ${spanText(-remainingMs)} ago`
    : html`<span class="state notice">${spanText(remainingMs)} left</span> ${what}`;
}

/** What a form of the panel asks for; null where the verb is none of its own. Throws PageError for what is no class or no instant. */
export function seriousActionOf(
  caseId: string,
  verb: string,
  text: (name: string) => string,
): SeriousAction | null {
  switch (verb) {
    case 'serious':
      return { kind: 'declare', caseId, class: classOf(text('class')), awareAt: awareOf(text('awareAt')), reason: text('reason') }; // prettier-ignore
    case 'not-serious':
      return { kind: 'withdraw', caseId, reason: text('reason') };
    case 'report': {
      const report = REPORT_KINDS.find((kind) => kind === text('kind')) ?? 'INTERIM';
      return { kind: 'report', caseId, report, recipients: text('recipients').split(','), note: text('note'), finalDueAt: null }; // prettier-ignore
    }
    default:
      return null;
  }
}

function classOf(text: string): SeriousClass {
  const found = SERIOUS_CLASS_NAMES.find((name) => name === text);
  if (!found) throw new PageError(400, `class: choose one of ${SERIOUS_CLASS_NAMES.join(', ')}`);
  return found;
}

function awareOf(text: string): Date | null {
  if (text.trim() === '') return null;
  const at = askedInstant(text.trim());
  if (!at)
    throw new PageError(
      400,
      `Known since: "${text}" is not an instant: write 2026-11-21T10:00:00Z, with its zone`,
    );
  return at;
}
