import type { RegisteredModel } from '../registry/registry.js';
import { html, type Html } from './html.js';
import type { Place } from './model.reads.js';

const DAY = 86_400_000;
const RANGES = [
  { days: 1, label: '24 h' },
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 365, label: '1 year' },
] as const;
const USUAL_DAYS = 30;

/** Which part of a model a visitor looks at. */
export interface View extends Place {
  readonly days: number;
  readonly versions: readonly string[];
}

/** What an address asks for. */
export interface ViewQuery {
  readonly version?: unknown;
  readonly days?: unknown;
}

/** What the address asks for; a version or a range that is not there becomes the usual one. */
export function viewOf(registered: RegisteredModel, query: ViewQuery, now: Date): View {
  const versions = registered.versions.map(({ version }) => version);
  const champion = registered.versions.find(({ stage }) => stage === 'champion')?.version;
  const asked = versions.find((version) => version === query.version);
  const seen = registered.versions.findLast(({ firstSeenAt }) => firstSeenAt !== null)?.version;
  const version = asked ?? champion ?? seen ?? versions.at(-1) ?? '';
  const days = RANGES.find((range) => String(range.days) === query.days)?.days ?? USUAL_DAYS;
  return {
    model: registered.model.key,
    version,
    versions,
    days,
    since: new Date(now.getTime() - days * DAY),
  };
}

/** Links to other ranges and versions of the same page. */
export function viewTools(view: View, path: string): Html {
  const link = (label: string, days: number, version: string) => {
    const current = days === view.days && version === view.version;
    const address = `${path}?days=${days}&version=${encodeURIComponent(version)}`;
    return html`<a href="${address}" ${current && html` aria-current="true"`}>${label}</a>`;
  };
  const versions =
    view.versions.length > 1 &&
    html`<span class="tabs" role="group" aria-label="Version"
      >${view.versions.map((version) => link(version, view.days, version))}</span
    >`;
  return html`<div class="tools">
    <span class="tabs" role="group" aria-label="Range"
      >${RANGES.map(({ days, label }) => link(label, days, view.version))}</span
    >
    ${versions}
  </div>`;
}
