import { volumesUntil } from './stopped-streams.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { IncidentCase } from '../incidents/incidents.js';
import type { RegisteredModel } from '../registry/registry.js';
import type { Monitoring } from '../domain/monitoring.js';
import { riskTier } from '../domain/model.js';
import { caseList, type Telling } from './case-list.js';
import { sparkline } from './chart.js';
import { orderFleet, SHOWN, type FleetEntry, type Shown } from './fleet-order.js';
import type { RecentWindows, Traffic } from './fleet.reads.js';
import { countText, manyText, minuteText, percentText, spanText } from '../domain/wording.js';
import { groupBy } from '../domain/group-by.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';
import { casePath, modelLink } from './links.js';
import { pager, type Paged } from './pager.js';
import { modelState, noReference } from './state.js';

export interface Fleet {
  readonly now: Date;
  /** Models there are, and those that are looked for, what is wrong first. */
  readonly models: number;
  readonly found: readonly FleetRow[];
  /** Those of them on this page. */
  readonly rows: Paged<FleetRow>;
  /** Open ones, the gravest first. */
  readonly cases: readonly IncidentCase[];
  readonly tell: Telling;
  /** Predictions of the day under way, of all models. */
  readonly today: number;
  /** Of the models on this page, by model. */
  readonly traffic: ReadonlyMap<string, Traffic>;
  readonly windows: ReadonlyMap<string, RecentWindows>;
  /** Event time of the newest row of a model, epoch ms; null where this process does not know it. */
  readonly newestRow: (model: string) => number | null;
  /** Why a reference could not be frozen, by model. */
  readonly problems: ReadonlyMap<string, string | null>;
  /** What the visitor looks for. */
  readonly search: { readonly text: string; readonly shown: Shown };
  /** How far every model is monitored, by key. */
  readonly monitoring: ReadonlyMap<string, Monitoring>;
}

/** Windows of a model's little picture. */
export const WINDOWS_DRAWN = 120;

/** A model with what is open of it. */
export interface FleetRow extends FleetEntry {
  readonly registered: RegisteredModel;
  readonly incidents: readonly IncidentRecord[];
}

interface FleetSearch extends Pick<Fleet, 'monitoring' | 'search'> {
  /** Since when no row has come, epoch ms, of models whose stream has stopped. */
  readonly silent: ReadonlyMap<string, number>;
  readonly models: readonly RegisteredModel[];
  readonly open: readonly IncidentRecord[];
}

/** The models that are looked for, what is wrong first. */
export function fleetRows({ models, open, monitoring, silent, search }: FleetSearch): readonly FleetRow[] {
  const all = groupBy(open, ({ signal }) => signal.model);
  const rows = models.map((registered): FleetRow => {
    const { key, name, owner, risk } = registered.model;
    const incidents = all.get(key) ?? [];
    const severities = incidents.flatMap(({ severity }) => (severity === 'info' ? [] : severity));
    return { key, name: name ?? '', owner, tier: riskTier(risk), open: severities, monitoring: monitoring.get(key)?.state ?? null, silentSince: silent.get(key) ?? null, registered, incidents }; // prettier-ignore
  });
  return orderFleet(rows, search);
}

/** The address holds what is looked for, so that it can be sent to somebody. */
function searchForm({ text, shown }: Fleet['search'], found: number, all: number): Html {
  const tabs = SHOWN.map(
    (one) => html`<option value="${one}" ${one === shown && html`selected`}>${one}</option>`,
  );
  return html`<form class="tools" method="get" action="/">
    <label>Search <input name="q" type="search" value="${text}" placeholder="key, name or owner" /></label>
    <label>Show <select name="show">${tabs}</select></label>
    <button class="quiet">Search</button>
    <span class="hint">${countText(found)} of ${countText(all)}</span>
  </form>`; // prettier-ignore
}

/** What the gravest case of a model is about, and why. */
function gravest(found: IncidentCase | undefined, tell: Telling): Html | null {
  const told = found && tell(found);
  if (!told) return null;
  return html`<br /><a href="${casePath(found.id)}">${told.briefing.title}</a
    >${told.briefing.cause && html`<br /><span class="hint">${told.briefing.cause.text}</span>`}`;
}

function row(
  { registered, incidents: open, silentSince }: FleetRow,
  fleet: Fleet,
  cases: ReadonlyMap<string, IncidentCase>,
): Html {
  const { model, baseline } = registered;
  const traffic = fleet.traffic.get(model.key);
  const recent = fleet.windows.get(model.key);
  const problem = fleet.problems.get(model.key);
  const coming = { windowMs: model.window, newestRow: fleet.newestRow(model.key) };
  const volumes = recent ? volumesUntil(recent, coming, fleet.now.getTime(), WINDOWS_DRAWN) : [];
  const monitoring = fleet.monitoring.get(model.key);
  return html`<tr>
    <th scope="row">${modelLink(model.key)}<br /><span class="hint">${model.name ?? model.owner}</span></th>
    <td>
      ${monitoring && html`${modelState(open, monitoring, silentSince)}<br /><span class="hint">${monitoring.reason ?? ''}</span>`}${gravest(cases.get(model.key), fleet.tell)}
    </td>
    <td class="number">${countText(traffic?.today ?? 0)}</td>
    <td class="number">${countText(traffic?.lastHour ?? 0)}</td>
    <td>${sparkline(volumes, `Predictions a window, last ${volumes.length} windows`)}</td>
    <td class="number">${traffic && traffic.due > 0 ? percentText(traffic.labelled / traffic.due) : '–'}</td>
    <td class="when">${recent ? `${minuteText(new Date(recent.lastTo))}` : 'none yet'}</td>
    <td>
      ${baseline ? html`${countText(baseline.rows)} rows<br /><span class="hint">${minuteText(baseline.pinnedAt)}</span>` : html`<span class="hint">${noReference(model, problem)}</span>`}
    </td>
  </tr>`;
}

const HEAD = html`<thead>
  <tr>
    <th>Model</th>
    <th>State</th>
    <th class="number">Today</th>
    <th class="number">Last hour</th>
    <th>Volume</th>
    <th class="number" title="of predictions old enough that their label should be there, last 30 days">
      Labelled
    </th>
    <th>Last window to</th>
    <th>Baseline</th>
  </tr>
</thead>`;

const NO_MODELS = html`<p>No model is registered yet.</p>
  <p>
    Put a file into the models folder, for instance <code>models/credit-default.yaml</code>, or call
    <code>modelRegister</code> of the API:
  </p>
  <pre>
key: credit-default
task: binary
positive: bad
window: 1h
baseline: { learn: 14d }</pre>`;

/** Cases on this page; all of them are on that of incidents. */
const CASES_SHOWN = 25;

/** Every model at a glance, what is wrong first. */
export function fleetPage(fleet: Fleet): PageContent {
  const { models, now, today, search, rows, found } = fleet;
  const keys = new Set(found.map(({ key }) => key));
  const shown = fleet.cases.filter(({ model }) => keys.has(model));
  // What is told with a case of another model stands there.
  const cases = shown.filter(({ partOf }) => partOf === null);
  const worst = cases.filter(({ severity }) => severity === 'critical').length;
  const oldest = cases.reduce<Date | null>(
    (first, { openedAt }) => (first && first <= openedAt ? first : openedAt),
    null,
  );
  // The gravest stands first: of those of one model it is kept.
  const graveOf = new Map(shown.toReversed().map((one) => [one.model, one]));
  const lead = html`${models} ${models === 1 ? 'model' : 'models'}, ${manyText(today, 'prediction')}
  today${oldest && html`, ${cases.length} open ${cases.length === 1 ? 'case' : 'cases'} (${worst} critical), the oldest told ${spanText(now.getTime() - oldest.getTime())} ago by the clock`}.`;
  const table = html`<section class="panel">
    <h2>Models</h2>
    ${searchForm(search, found.length, models)}
    <div class="scroll">
      <table class="broad">
        ${HEAD}
        <tbody>
          ${rows.items.map((one) => row(one, fleet, graveOf))}
        </tbody>
      </table>
    </div>
    ${pager(rows, (page) => `/?q=${encodeURIComponent(search.text)}&show=${search.shown}&page=${page}`)}
  </section>`;
  const more =
    cases.length > CASES_SHOWN &&
    html`<p class="hint"><a href="/incidents">All ${countText(cases.length)} open cases</a></p>`;
  const body = html`<h1>Fleet</h1>
    <p class="lead">${lead}</p>
    <section class="panel">
      <h2>Open cases</h2>
      ${caseList(cases.slice(0, CASES_SHOWN), fleet.tell)}${more}
    </section>
    ${models > 0 ? table : html`<section class="panel">${NO_MODELS}</section>`}`;
  return { title: 'Fleet', section: 'fleet', body, live: true };
}
