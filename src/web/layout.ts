import { mayDo, type Principal } from '../registry/principal.js';
import type { Permission } from '../domain/roles.js';
import { assetPath } from './asset-store.js';
import { minuteText } from '../domain/wording.js';
import { html, type Html } from './html.js';

const SECTIONS = [
  'fleet',
  'incidents',
  'silences',
  'retrainings',
  'approvals',
  'policies',
  'channels',
  'deliveries',
  'audit',
  'dead-letters',
  'retention',
  'keys',
] as const;
type Section = (typeof SECTIONS)[number];

/** One page without what all pages share. */
export interface PageContent {
  readonly title: string;
  /** The entry of the menu that is marked as the present one. */
  readonly section: Section | null;
  readonly body: Html;
  /** Follows what changes while it is open. */
  readonly live?: true;
  /** Loads the chart library. */
  readonly charts?: true;
}

export interface PageFrame {
  /** Time as the service sees it, which in a demo is not today. */
  readonly now: Date;
  readonly visitor: Principal | null;
  /** What needs attention, for the menu. */
  readonly openCases: number;
  readonly waitingApprovals: number;
}

interface Entry {
  readonly href: string;
  readonly label: string;
  /** What one must be allowed to do to see it; reading where it is left out. */
  readonly need?: Permission;
}

const LABELS: Readonly<Record<Section, Entry>> = {
  fleet: { href: '/', label: 'Fleet' },
  incidents: { href: '/incidents', label: 'Incidents' },
  silences: { href: '/silences', label: 'Silences' },
  retrainings: { href: '/retrainings', label: 'Retraining' },
  approvals: { href: '/approvals', label: 'Approvals' },
  policies: { href: '/policies', label: 'Policies' },
  channels: { href: '/channels', label: 'Channels' },
  deliveries: { href: '/deliveries', label: 'Deliveries' },
  audit: { href: '/audit', label: 'Audit', need: 'audit' },
  'dead-letters': { href: '/dead-letters', label: 'Dead letters', need: 'examine' },
  retention: { href: '/retention', label: 'Retention', need: 'audit' },
  keys: { href: '/keys', label: 'Keys and people', need: 'audit' },
};

function menu(current: Section | null, { openCases, waitingApprovals }: PageFrame, visitor: Principal): Html {
  const waiting: Partial<Record<Section, number>> = { incidents: openCases, approvals: waitingApprovals };
  const open = SECTIONS.filter((section) => mayDo(visitor, LABELS[section].need ?? 'read'));
  const items = open.map((section) => {
    const { href, label } = LABELS[section];
    const mark = section === current ? html` aria-current="page"` : null;
    const number = waiting[section] ?? 0;
    const count = number > 0 ? html` <span class="count">${number}</span>` : null;
    return html`<li><a href="${href}" ${mark}>${label}${count}</a></li>`;
  });
  return html`<nav aria-label="Pages">
    <ul>
      ${items}
    </ul>
  </nav>`;
}

function account(visitor: Principal): Html {
  return html`<form class="account" method="post" action="/sign-out">
    <span title="${visitor.type === 'key' ? 'the key you are signed in with' : 'who you are signed in as'}"
      >${visitor.name}</span
    >
    <button class="quiet">Sign out</button>
  </form>`;
}

/** A whole document; the menu is left out for visitors who are not signed in. */
export function document({ title, section, body, charts, live }: PageContent, frame: PageFrame): Html {
  const { now, visitor } = frame;
  const scripts = html`<link rel="stylesheet" href="${assetPath('uplot.css')}" />
    <script defer src="${assetPath('locale.js')}"></script>
    <script defer src="${assetPath('uplot.js')}"></script>
    <script defer src="${assetPath('charts.js')}"></script>`;
  const follows = html`<link rel="tidewatch-live" href="/live" />
    <script defer src="${assetPath('live.js')}"></script>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Tidewatch</title>
        <link rel="icon" href="${assetPath('icon.svg')}" type="image/svg+xml" />
        <link rel="stylesheet" href="${assetPath('style.css')}" />
        ${charts && scripts}${live && follows}
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header>
          <a class="brand" href="/"
            ><img src="${assetPath('icon.svg')}" width="20" height="20" alt="" /> Tidewatch</a
          >
          ${visitor && menu(section, frame, visitor)}
          <div class="side">
            <time datetime="${now.toISOString()}" title="time as this service sees it"
              >${minuteText(now)} UTC</time
            >
            ${visitor && account(visitor)}
          </div>
        </header>
        <main id="main">${body}</main>
      </body>
    </html> `;
}
