import { ROLE_NAMES, ROLES } from '../domain/roles.js';
import { countText, minuteText } from '../domain/wording.js';
import type { MadeKey } from '../pipeline/make-key.js';
import { isInForce, type ApiKey } from '../registry/keys.js';
import type { KnownPerson } from '../registry/people.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';

/** Where the page is; forms of it post below. */
export const KEYS = '/keys';
/** The form makes keys for so long at most, or without end. */
export const LONGEST_KEY_DAYS = 3650;

/** Somebody who signed in. */
export interface ShownPerson extends KnownPerson {
  /** Sign-ins in force. */
  readonly signIns: number;
}

export interface KeysPage {
  readonly keys: readonly ApiKey[];
  readonly people: readonly ShownPerson[];
  /** Whether people can sign in at all, or there are keys alone. */
  readonly canSignIn: boolean;
  readonly mayAdminister: boolean;
  /** Made by the form of this page just now; null else. */
  readonly made: MadeKey | null;
  readonly nameOf: (id: string) => string;
  readonly now: Date;
}

/** Who may do what: keys with their terms and last use, and people who signed in. Nothing here lets anybody in, but for a key that was made just now. */
export function keysPage(page: KeysPage): PageContent {
  const { made, mayAdminister, people, canSignIn } = page;
  const body = html`<h1>Keys and people</h1>
    <p class="lead">Who may do what here, until when, and when they were here last. The texts of keys are known to nobody.</p>
    ${made && html`<section class="panel" role="status"><h2>The new key, shown this once</h2><p><code>${made.token}</code></p></section>`}
    ${mayAdminister && createForm()}
    <section class="panel"><h2>Keys</h2>${keyTable(page)}</section>
    <section class="panel"><h2>People who signed in</h2>${people.length > 0 ? peopleTable(people) : html`<p class="empty">${canSignIn ? 'Nobody yet.' : 'People cannot sign in: no identity provider is set (docs/operations.md).'}</p>`}</section>`; // prettier-ignore
  return { title: 'Keys and people', section: 'keys', body };
}

function keyTable({ keys, mayAdminister, nameOf, now }: KeysPage): Html {
  if (keys.length === 0) return html`<p class="empty">No keys.</p>`;
  const inForceFirst = keys.toSorted((a, b) => Number(isInForce(b, now)) - Number(isInForce(a, now)));
  const rows = inForceFirst.map(
    (key) => html`<tr>
      <td>${key.name}<br /><code>${key.id}</code></td>
      <td>${[...(key.role ? [key.role] : []), ...key.scopes].join(', ')}</td>
      <td>${[...(key.models ?? []), ...(key.environments ?? [])].join(', ') || 'all'}</td>
      <td>${key.owner ?? ''}</td>
      <td class="when">${minuteText(key.createdAt)}${key.madeBy !== null && html` by ${nameOf(key.madeBy)}`}</td>
      <td class="when">${key.lastUsedAt ? minuteText(key.lastUsedAt) : 'never'}</td>
      <td>${stateText(key, now)}</td>
      <td>${mayAdminister && isInForce(key, now) && !key.provided && revokeForm(key)}</td>
    </tr>`,
  ); // prettier-ignore
  const headings = html`<th>Key</th><th>May</th><th>For</th><th>Owner</th><th>Made (UTC)</th><th>Last used (UTC)</th><th>State</th><th></th>`; // prettier-ignore
  return dataTable(headings, rows, { broad: true });
}

function stateText(key: ApiKey, now: Date): string {
  if (key.revokedAt !== null) return `ended ${minuteText(key.revokedAt)}`;
  if (key.expiresAt !== null)
    return `${isInForce(key, now) ? 'until' : 'expired'} ${minuteText(key.expiresAt)}`;
  return key.provided ? 'in force, from the environment' : 'in force, without end';
}

function revokeForm({ id, name }: ApiKey): Html {
  return html`<form class="tools" method="post" action="${KEYS}/${id}/revoke">
    <label>Why <input name="reason" required aria-label="Why ${name} ends" /></label><button class="quiet">End</button>
  </form>`; // prettier-ignore
}

function peopleTable(people: readonly ShownPerson[]): Html {
  const rows = people.map(
    (one) => html`<tr>
      <td>${one.name}<br /><code>${one.id}</code></td>
      <td>${one.email ?? ''}</td>
      <td>${one.sub} of ${one.issuer}</td>
      <td class="when">${minuteText(one.seenAt)}</td>
      <td class="number">${countText(one.signIns)}</td>
    </tr>`,
  ); // prettier-ignore
  const headings = html`<th>Person</th><th>Address</th><th>Known as</th><th>Here last (UTC)</th><th class="number">Sign-ins in force</th>`; // prettier-ignore
  return dataTable(headings, rows);
}

function createForm(): Html {
  const roles = ROLE_NAMES.map((role) => html`<option value="${role}">${role}: ${ROLES[role].is}</option>`);
  return html`<form class="tools" method="post" action="${KEYS}">
    <label>Name <input name="name" required placeholder="scoring-service" /></label>
    <label>Role <select name="role">${roles}</select></label>
    <label>Owner <input name="owner" placeholder="who answers for it" /></label>
    <label>For the models <input name="models" placeholder="left out: all" /></label>
    <label>Days <input name="days" type="number" min="1" max="${LONGEST_KEY_DAYS}" placeholder="without end" /></label>
    <button>Make a key</button>
    <span class="hint">With scopes, environments or a place: <code>tidewatch key create</code></span>
  </form>`; // prettier-ignore
}
