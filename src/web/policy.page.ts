import { stringify } from 'yaml';
import { minuteText, words } from '../domain/wording.js';
import type { PolicyVersion } from '../pipeline/policy-history.js';
import type { ProposalState } from '../pipeline/policy-proposals.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import type { PolicyProposal, Rehearsal } from '../policies/policy-proposal.js';
import { dataTable } from './data-table.js';
import { factList } from './fact-list.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';
import { approvalPath, POLICIES, policyPath, PROPOSE } from './links.js';
import { changeTable, policyInWords, rehearsalTable } from './policy-parts.js';

export interface PoliciesPage {
  readonly inForce: readonly CompiledPolicy[];
  /** Newest first. */
  readonly proposals: readonly {
    readonly proposal: PolicyProposal;
    readonly state: ProposalState;
    readonly by: string;
  }[];
  readonly mayPropose: boolean;
}

const CLASS: Readonly<Partial<Record<ProposalState, string>>> = { DRAFT: 'notice', ACTIVE: 'ok' };

/** The policies in force, and those that people proposed. */
export function policiesPage({ inForce, proposals, mayPropose }: PoliciesPage): PageContent {
  const rows = inForce.map(
    ({ id, version, enforcement, owner, description, rules }) =>
      html`<tr><td><a href="${policyPath(id)}">${id}</a></td><td class="number">${version}</td><td>${words(enforcement)}</td><td>${owner}</td>
        <td class="number">${rules.length}</td><td class="wide">${description}</td></tr>`,
  ); // prettier-ignore
  const heads = html`<th>Policy</th><th class="number">Version</th><th>Enforcement</th><th>Owner</th><th class="number">Rules</th><th>What for</th>`; // prettier-ignore
  const table = rows.length === 0 ? html`<p class="empty">None: nothing becomes an incident.</p>` : dataTable(heads, rows, { broad: true }); // prettier-ignore
  const body = html`<h1>Policies</h1>
    <p class="lead">What turns findings into incidents. A change is proposed, tried on stored results, agreed to by others, and in force from then on.</p>
    ${mayPropose && html`<p><a href="${PROPOSE}">Try or propose another text</a></p>`}
    <section class="panel"><h2>In force</h2>${table}</section>
    <section class="panel"><h2>Proposed</h2>${proposed(proposals)}</section>`; // prettier-ignore
  return { title: 'Policies', section: 'policies', body };
}

function proposed(proposals: PoliciesPage['proposals']): Html {
  if (proposals.length === 0) return html`<p class="empty">Nobody proposed one yet.</p>`;
  const rows = proposals.map(
    ({ proposal, state, by }) =>
      html`<tr><td class="when">${minuteText(proposal.proposedAt)}</td>
        <td><a href="${approvalPath(proposal.approval)}">${proposal.id} version ${proposal.version}</a> <span class="hint">text ${proposal.hash.slice(0, 8)}</span></td>
        <td><span class="state ${CLASS[state] ?? 'none'}">${words(state)}</span>${proposal.from && html` <span class="hint">from ${minuteText(proposal.from)}</span>`}</td>
        <td>${by}</td><td class="wide">${proposal.reason}</td></tr>`,
  ); // prettier-ignore
  return dataTable(
    html`<th>Proposed (UTC)</th>
      <th>Policy</th>
      <th>State</th>
      <th>By</th>
      <th>Why</th>`,
    rows,
  );
}

/** The text of a policy, and every version that was in force with what it changed. */
export function policyPage(
  id: string,
  {
    versions,
    later,
  }: { readonly versions: readonly PolicyVersion[]; readonly later: readonly PolicyProposal[] },
  nameOf: (actorId: string) => string,
): PageContent {
  const [newest] = versions;
  const history = versions.map((one) => versionPanel(one, nameOf));
  const text = newest && newest.content !== null ? html`<pre>${stringify(newest.content)}</pre>` : html`<p class="empty">It was recorded without its text.</p>`; // prettier-ignore
  const body = html`<p class="crumbs"><a href="${POLICIES}">Policies</a> / ${id}</p>
    <h1>${id}</h1>
    ${later.map(({ version, from, approval }) => html`<p role="status">Version ${version} was agreed to and comes into force on ${from && minuteText(from)} UTC (<a href="${approvalPath(approval)}">approval</a>).</p>`)}
    ${newest && policyInWords(newest.content)}
    <section class="panel">
      <h2>${newest?.activeUntil === null ? 'Text in force' : 'Last text'}</h2>
      ${text}
    </section>
    ${history}`;
  return { title: `Policy ${id}`, section: 'policies', body };
}

function versionPanel(one: PolicyVersion, nameOf: (actorId: string) => string): Html {
  const until = one.activeUntil === null ? 'in force' : `until ${minuteText(one.activeUntil)} UTC`;
  const facts = factList([
    ['From', `${minuteText(one.activeFrom)} UTC, ${until}`],
    ['Brought by', one.approvalId === null ? html`${one.file}, ${nameOf(one.actor.id)}` : html`<a href="${approvalPath(one.approvalId)}">an approval</a>`],
    ['Why', one.reason],
    ['SHA-256', html`<code>${one.hash}</code>`],
    ['Entry of the ledger', String(one.seq)],
  ]); // prettier-ignore
  return html`<section class="panel">
    <h2>Version ${one.version}</h2>
    ${facts} ${changeTable(one.changes)}
  </section>`;
}

export interface FormState {
  readonly yaml: string;
  readonly reason: string;
  readonly from: string;
  readonly problem: string | null;
  readonly rehearsal: Rehearsal | null;
}

/** A text to try on stored results, and to propose. */
export function proposalFormPage({ yaml, reason, from, problem, rehearsal }: FormState): PageContent {
  const tried = rehearsal && html`<section class="panel"><h2>What it would have done</h2>${rehearsalTable(rehearsal)}</section>`; // prettier-ignore
  const body = html`<p class="crumbs"><a href="${POLICIES}">Policies</a> / another text</p>
    <h1>Try or propose a policy</h1>
    <p class="lead">The text of a policy file, under a version number that its id has not had. Trying it records nothing.</p>
    ${problem !== null && html`<section class="panel"><pre role="alert">${problem}</pre></section>`}
    ${tried}
    <form class="panel" method="post" action="${PROPOSE}">
      <p><label>Text<br /><textarea name="yaml" rows="24" cols="100" required>${yaml}</textarea></label></p>
      <p><label>Why <input name="reason" size="60" value="${reason}" /></label></p>
      <p><label>In force from (UTC; empty: as soon as others agree) <input name="from" placeholder="2026-12-01" value="${from}" /></label></p>
      <p><button class="quiet" name="step" value="try">Try it</button> <button name="step" value="propose">Propose</button></p>
    </form>`; // prettier-ignore
  return { title: 'Propose a policy', section: 'policies', body };
}
