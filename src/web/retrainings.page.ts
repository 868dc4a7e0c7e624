import { countText, minuteText, spanText, words } from '../domain/wording.js';
import type { PlatformMetrics } from '../pipeline/platform-metrics.js';
import { lastWord } from '../retraining/last-word.js';
import type { Retraining } from '../retraining/retraining.js';
import { SHOWN_STATES, type ShownState } from '../retraining/shown-state.js';
import type { RetrainingStory } from '../retraining/story.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';
import { modelLink, RETRAININGS, retrainingPath } from './links.js';
import { outlookPanel, type OutlookPanel } from './outlook.panel.js';
import { pager, type Paged } from './pager.js';
import { trainingState } from './state.js';

/** A decision about training, the run that came of it, if any, and where it stands. */
export interface Told {
  readonly story: RetrainingStory;
  readonly run: Retraining | undefined;
  readonly state: ShownState;
}

export interface RetrainingsPage {
  /** Newest first. */
  readonly told: Paged<Told>;
  /** Null shows those of every model. */
  readonly model: string | null;
  /** Null shows every state. */
  readonly state: ShownState | null;
  readonly models: readonly string[];
  /** Whether the one model could be trained now; null where all are shown. */
  readonly outlook: OutlookPanel | null;
  /** The newest thirty days of all models. */
  readonly month: PlatformMetrics;
}

/** How versions get into production. */
function monthText({
  versionsRegistered,
  versionsPromoted,
  secondsToProduction: spread,
}: PlatformMetrics): string {
  const count = `In the last 30 days ${countText(versionsRegistered)} versions were registered and ${countText(versionsPromoted)} began to answer`;
  if (!spread) return `${count}.`;
  const [median, longest] = [spread.median, spread.longest].map((seconds) => spanText(seconds * 1000));
  return `${count}, half of them within ${median} of being registered, the slowest after ${longest}.`;
}

function rowOf({ story, run, state }: Told): Html {
  return html`<tr>
    <td class="when">${minuteText(story.requestedAt)}</td>
    <td>${trainingState(state)}</td>
    <td>${modelLink(story.model)}</td>
    <td class="wide"><a href="${retrainingPath(story.id)}">${story.cause.summary}</a></td>
    <td class="wide">${lastWord(story, run)}</td>
    <td>${run?.newVersion}</td>
  </tr>`;
}

function option(value: string, label: string, chosen: boolean): Html {
  return html`<option value="${value}" ${chosen && html` selected`}>${label}</option>`;
}

function filter({ model, state, models }: RetrainingsPage): Html {
  return html`<form class="tools" method="get" action="${RETRAININGS}">
    <label
      >Model
      <select name="model">
        ${option('', 'all', model === null)}${models.map((one) => option(one, one, one === model))}
      </select></label
    >
    <label
      >State
      <select name="state">
        ${option('', 'all', state === null)}${SHOWN_STATES.map((one) => option(one, words(one), one === state))}
      </select></label
    >
    <button class="quiet">Show</button>
  </form>`;
}

/** What was wanted to be trained, what stopped it, and what became of it. */
export function retrainingsPage(page: RetrainingsPage): PageContent {
  const { told, model, state } = page;
  const pathOf = (to: number) =>
    `${RETRAININGS}?model=${encodeURIComponent(model ?? '')}&state=${state ?? ''}&page=${to}`;
  const table = dataTable(
    html`<th>Wanted (UTC)</th>
      <th>State</th>
      <th>Model</th>
      <th>Why</th>
      <th>Last word</th>
      <th>New version</th>`,
    told.items.map(rowOf),
    { broad: true },
  );
  const body = html`<h1>Retraining</h1>
    <p class="lead">Every training that an incident, a schedule or a person wanted, also those that were put off or refused. ${monthText(page.month)}</p>
    ${page.outlook && outlookPanel(page.outlook)}
    <section class="panel">${filter(page)}${told.total > 0 ? table : html`<p class="empty">None.</p>`}${pager(told, pathOf)}</section>`; // prettier-ignore
  return { title: 'Retraining', section: 'retrainings', body };
}
