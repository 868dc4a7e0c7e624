import { SYSTEM } from '../domain/ledger-entry.js';
import { minuteText, numberText, percentText, secondText, words } from '../domain/wording.js';
import type { RecordedManifest } from '../retraining/manifest.js';
import type { RetrainMessage } from '../domain/retrain-message.js';
import { goesOnAt, lastWord } from '../retraining/last-word.js';
import type { ShownState } from '../retraining/shown-state.js';
import { factList } from './fact-list.js';
import { html, type Html, type HtmlValue } from './html.js';
import type { PageContent } from './layout.js';
import { casePath, incidentPath, modelLink, previewPath, RETRAININGS, retrainingPath } from './links.js';
import { manifestPanel } from './manifest.panel.js';
import type { Told } from './retrainings.page.js';
import { trainingState } from './state.js';

export interface RetrainingPage extends Told {
  /** What it is about; without a summary where the incident is no longer kept. */
  readonly incidents: readonly { readonly id: string; readonly summary: string | null }[];
  /** What it learns from; undefined until the run is sent. */
  readonly manifest: RecordedManifest | undefined;
  /** Whether who looks may say yes or no. */
  readonly mayDecide: boolean;
  /** A yes about a model of high risk says what it rests on. */
  readonly needsNote: boolean;
  /** Whether who looks may call it off. */
  readonly mayOperate: boolean;
  /** The name of whoever an actor id stands for. */
  readonly nameOf: (actor: string) => string;
}

const when = (at: Date | null | undefined): string | null => (at ? `${secondText(at)} UTC` : null);

function job({ run }: RetrainingPage): HtmlValue {
  if (!run) return null;
  const place = run.runUrl === null ? null : html` <a href="${run.runUrl}" rel="noreferrer">the job</a>`;
  return html`${run.destination.address}${place}`;
}

function causes({ story, incidents }: RetrainingPage): HtmlValue {
  const { kind, caseId } = story.cause;
  const links = incidents.map(
    ({ id, summary }) => html`<br /><a href="${incidentPath(id)}">${summary ?? id}</a>`,
  );
  const open = caseId !== null && html`, <a href="${casePath(caseId)}">its case</a>`;
  return html`${words(kind)}${open}${links}`;
}

/** More than one where somebody joined what waited already. */
function askers({ story: { askedBy, wishes }, nameOf }: RetrainingPage): HtmlValue {
  const who = (by: string) => (by === SYSTEM.id ? 'the service' : nameOf(by));
  if (wishes.length < 2) return who(askedBy);
  return wishes.map(({ at, by, summary }) => html`${who(by)}, ${secondText(at)} UTC: ${summary}<br />`);
}

function leftOut(exclude: RetrainMessage['exclude']): HtmlValue {
  const text = (time: string) => minuteText(new Date(time));
  if (exclude.length === 0) return null;
  return exclude.map(({ from, to }) => html`${text(from)} to ${text(to)}<br />`);
}

function decided({ story: { decisions }, nameOf }: RetrainingPage): HtmlValue {
  if (decisions.length === 0) return null;
  return decisions.map(
    ({ at, by, decision, note }) =>
      html`${words(decision)} by ${nameOf(by)}, ${secondText(at)} UTC${note !== null && `: ${note}`}<br />`,
  );
}

/** Nothing is taken before it was sent; a job may say so before the answer to the request is here. */
function sent({ run }: RetrainingPage): string | null {
  const isThere = run && (run.launchedAt ?? run.acceptedAt) !== null;
  return isThere ? when(run.sentAt ?? run.launchedAt) : null;
}

function facts(page: RetrainingPage): Html {
  const { story, run, state } = page;
  const list: readonly (readonly [string, HtmlValue])[] = [
    ['Model', html`${modelLink(story.model)} ${run?.message.version}`],
    ['Cause', causes(page)],
    ['Wanted', when(story.requestedAt)],
    ['Asked by', askers(page)],
    [state === 'DEFERRED' ? 'Decided again' : 'Sent', when(goesOnAt(story, run))],
    ['Decided', decided(page)],
    ['Last word', lastWord(story, run)],
    ['Job', job(page)],
    ['Not to learn from (UTC)', run && leftOut(run.message.exclude)],
    ['Sent to the job', sent(page)],
    ['Taken by the job', when(run?.acceptedAt)],
    ['Ended', when(run?.finishedAt)],
    ['Progress', run && run.finishedAt === null && run.progress !== null && percentText(run.progress)],
    ['New version', run?.newVersion],
    ['Serves nothing', run?.unused],
    [
      'Against the one before',
      run?.evaluation && `${words(run.evaluation.advice.toLowerCase())}: ${run.evaluation.reason}`,
    ],
    ['Promotion', run?.promotion?.state === 'PROPOSED' && 'waits for a yes or no'],
    ['Whether it helped', run?.verdict],
    ['Asked again', run?.askedAgain],
    ...Object.entries(run?.metrics ?? {}).map(([name, value]) => [name, numberText(value)] as const),
  ];
  return factList(list, 'narrow');
}

function stops({ story }: RetrainingPage): Html {
  if (story.stops.length === 0) return html`<p class="empty">No guard rail stopped it.</p>`;
  const items = story.stops.map(
    ({ at, guard, reason }) =>
      html`<li>
        <strong>${words(guard)}</strong> <span class="when">${secondText(at)}</span><br />${reason}
      </li>`,
  );
  return html`<ol class="story">
    ${items}
  </ol>`;
}

function reports({ run }: RetrainingPage): Html | false {
  if (!run || run.reports.length === 0) return false;
  const items = run.reports.map(
    ({ at, status, progress, message }) =>
      html`<li>
        <strong>${words(status)}</strong> <span class="when">${secondText(at)}</span>
        ${progress !== null && percentText(progress)}${message !== null && html`<br />${message}`}
      </li>`,
  );
  return html`<section class="panel">
    <h2>What the job said</h2>
    <ol class="story">
      ${items}
    </ol>
  </section>`;
}

function decision({ story: { id }, state, run, mayDecide, needsNote }: RetrainingPage): Html | null {
  const isPromotion = run?.promotion?.state === 'PROPOSED';
  if (state !== 'PROPOSED' && !isPromotion) return null;
  if (!mayDecide)
    return html`<section class="panel">
      <p class="hint">
        It waits for a yes or no. You may not give one: that takes the permission to approve.
      </p>
    </section>`;
  return html`<section class="panel">
    <h2>${isPromotion ? html`Shall version ${run.newVersion} answer?` : 'Decide'}</h2>
    <form class="tools" method="post" action="${retrainingPath(id)}/approve">
      <label
        >${needsNote ? 'What you looked at' : 'Note, if any'}
        <input name="note" ${needsNote && html`required`}
      /></label>
      <button>Approve</button>
    </form>
    <form class="tools" method="post" action="${retrainingPath(id)}/reject">
      <label>Why not <input name="note" required /></label>
      <button class="quiet">Reject</button>
    </form>
  </section>`;
}

const GOES_ON: ReadonlySet<ShownState> = new Set(['APPROVED', 'REQUESTED', 'ACCEPTED', 'RUNNING']);

function callOff({ story: { id }, state, mayOperate }: RetrainingPage): Html | null {
  if (!mayOperate || !GOES_ON.has(state)) return null;
  return html`<section class="panel">
    <form class="tools" method="post" action="${retrainingPath(id)}/cancel">
      <label>Why it should not go on <input name="note" required /></label>
      <button class="quiet">Call it off</button>
    </form>
  </section>`;
}

/** The story of one training: why, what stopped it, who decided, what the job said. */
export function retrainingPage(page: RetrainingPage): PageContent {
  const { story, state, manifest } = page;
  const body = html`<p class="crumbs"><a href="${RETRAININGS}">Retraining</a> / ${story.id}</p>
    <h1>Training of ${story.model} ${trainingState(state)}</h1>
    <p class="lead">${story.cause.summary}</p>
    ${decision(page)}
    <section class="panel">${facts(page)}</section>
    ${callOff(page)}
    <section class="panel"><h2>What stopped it</h2>${stops(page)}</section>${reports(page)}
    ${manifest ? manifestPanel(manifest) : html`<p class="hint"><a href="${previewPath(story.model)}">What a training would learn from now</a></p>`}`; // prettier-ignore
  return { title: `Training of ${story.model}`, section: 'retrainings', body };
}

/** What a training of a model that is asked for now would learn from. */
export function previewPage(model: string, panel: Html): PageContent {
  const body = html`<p class="crumbs"><a href="${RETRAININGS}">Retraining</a> / ${modelLink(model)}</p>
    <h1>A training of ${model}, now</h1>
    <p class="lead">Counted for this page; nothing is asked for.</p>
    ${panel}`;
  return { title: `A training of ${model}`, section: 'retrainings', body };
}
