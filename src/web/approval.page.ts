import { stringify } from 'yaml';
import type { Approval, ApprovalState } from '../approvals/approval.js';
import { minuteText, secondText, words } from '../domain/wording.js';
import type { PolicyProposal } from '../policies/policy-proposal.js';
import type { Change } from '../registry/json-diff.js';
import { changeTable, policyInWords, rehearsalTable } from './policy-parts.js';
import { dataTable } from './data-table.js';
import { factList } from './fact-list.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';
import { APPROVALS, approvalPath, modelLink, policyPath, retrainingPath } from './links.js';

/** An approval with what is known of it from outside. */
export interface ApprovalView {
  readonly approval: Approval;
  readonly tier: string;
  readonly needed: number;
  readonly expiresAt: Date;
  readonly askedBy: string;
  readonly nameOf: (actorId: string) => string;
}

export interface ApprovalPage extends ApprovalView {
  /** The policy that is proposed; null for other kinds. */
  readonly policy: { readonly proposal: PolicyProposal; readonly isLater: boolean } | null;
  /** What it changes against what was in force when it was asked. */
  readonly changes: readonly Change[];
  /** Channels that the policy names and that reach nobody. */
  readonly unknownChannels: readonly string[];
  readonly mayDecide: boolean;
  /** It is about a training, whose id is its own. */
  readonly isOfTraining: boolean;
}

const CLASS: Readonly<Record<ApprovalState, string>> = {
  PENDING: 'notice',
  APPROVED: 'ok',
  DECLINED: 'none',
  EXPIRED: 'none',
  WITHDRAWN: 'none',
};

function stateOf({ state }: Approval): Html {
  return html`<span class="state ${CLASS[state]}">${words(state)}</span>`;
}

function yesOf({ words: said }: Approval): number {
  return said.filter(({ isYes }) => isYes).length;
}

/** What waits for a yes or no, and what was decided. */
export function approvalsPage(all: readonly ApprovalView[]): PageContent {
  const [waiting, over] = [
    all.filter(({ approval }) => approval.state === 'PENDING'),
    all.filter(({ approval }) => approval.state !== 'PENDING'),
  ];
  const body = html`<h1>Approvals</h1>
    <p class="lead">What somebody asked for and others have to agree to. Whoever asked says no yes, nor does the owner of a model of high risk.</p>
    <section class="panel"><h2>Waiting</h2>${tableOf(waiting, 'Nothing waits for a yes or no.')}</section>
    <section class="panel"><h2>Decided</h2>${tableOf(over, 'Nothing was decided yet.')}</section>`; // prettier-ignore
  return { title: 'Approvals', section: 'approvals', body };
}

function tableOf(all: readonly ApprovalView[], none: string): Html {
  if (all.length === 0) return html`<p class="empty">${none}</p>`;
  const rows = all.map(
    ({ approval, tier, needed, expiresAt, askedBy }) =>
      html`<tr>
        <td class="when">${minuteText(approval.askedAt)}</td>
        <td>${words(approval.kind)}</td>
        <td class="wide"><a href="${approvalPath(approval.id)}">${approval.summary}</a></td>
        <td>${approval.model && modelLink(approval.model)}</td>
        <td>${words(tier)}</td>
        <td>${askedBy}</td>
        <td>${yesOf(approval)} of ${needed}</td>
        <td>${stateOf(approval)}${approval.state === 'PENDING' && html` <span class="hint">until ${minuteText(expiresAt)}</span>`}</td>
      </tr>`,
  ); // prettier-ignore
  return dataTable(
    html`<th>Asked (UTC)</th><th>Kind</th><th>What</th><th>Model</th><th>Risk</th><th>Asked by</th><th>Yes</th><th>State</th>`,
    rows,
    { broad: true },
  ); // prettier-ignore
}

/** One of them: what is asked for, who said what, and a form for whoever may decide. */
export function approvalPage(page: ApprovalPage): PageContent {
  const { approval, tier, needed, expiresAt, askedBy } = page;
  const facts = factList([
    ['What', words(approval.kind)],
    ['Model', approval.model === null ? null : modelLink(approval.model)],
    [
      'Training',
      page.isOfTraining ? html`<a href="${retrainingPath(approval.id)}">${approval.id}</a>` : null,
    ],
    ['Risk tier', words(tier)],
    ['Asked', `${secondText(approval.askedAt)} UTC by ${askedBy}`],
    ['Why', approval.reason],
    ['Asked for the same', joinedText(page)],
    ['Asked to be in force from', page.policy && fromText(page.policy.proposal)],
    ['People who said yes', `${yesOf(approval)} of ${needed}`],
    ['Can be approved until', approval.state === 'PENDING' ? `${minuteText(expiresAt)} UTC` : null],
    ['Ended', approval.endedBecause],
    ['SHA-256 of what is asked for', html`<code>${approval.hash}</code>`],
    ['Entry of the ledger', String(approval.seq)],
  ]);
  const body = html`<p class="crumbs"><a href="${APPROVALS}">Approvals</a> / ${approval.id}</p>
    <h1>${approval.summary} ${stateOf(approval)}</h1>
    ${decision(page)}
    <section class="panel">${facts}</section>
    <section class="panel">
      <h2>Who said what</h2>
      ${said(page)}
    </section>
    ${contents(page)}`;
  return { title: approval.summary, section: 'approvals', body };
}

function joinedText({ approval, nameOf }: ApprovalPage): string | null {
  const names = approval.joined.map(({ actor, at, reason }) => `${nameOf(actor.id)} (${minuteText(at)} UTC): ${reason}`);
  return names.length === 0 ? null : names.join('; ');
} // prettier-ignore

function said({ approval, nameOf }: ApprovalPage): Html {
  if (approval.words.length === 0) return html`<p class="empty">Nobody said anything yet.</p>`;
  return html`<ol class="story">
    ${approval.words.map(
      ({ actor, at, isYes, note }) =>
        html`<li>
          <strong>${nameOf(actor.id)}: ${isYes ? 'yes' : 'no'}</strong>
          <span class="when">${secondText(at)}</span>
          ${note !== null && html`<br />${note}`}
        </li>`,
    )}
  </ol>`;
}

function fromText({ from }: PolicyProposal): string {
  return from === null
    ? 'as soon as enough people agreed'
    : `${minuteText(from)} UTC, once enough people agreed`;
}

function contents({ approval, policy, changes, unknownChannels }: ApprovalPage): Html {
  const changed = html`<section class="panel">
    <h2>What it changes</h2>
    <p class="hint">Against what was in force when it was asked.</p>
    ${changeTable(changes)}
  </section>`;
  if (policy === null)
    return html`${changes.length > 0 && changed}
      <section class="panel">
        <h2>What is asked for</h2>
        <details ${changes.length === 0 && html`open`}>
          <summary>All of it, SHA-256 <code>${approval.hash}</code></summary>
          <pre>${stringify(approval.terms)}</pre>
        </details>
      </section>`;
  const { proposal } = policy;
  return html`${unknownChannels.length > 0 && html`<section class="panel" role="alert"><p>It names channels that the channels file does not have, so that nobody is told there: ${unknownChannels.join(', ')}.</p></section>`}
    <section class="panel">
      <h2>What it would have done</h2>
      ${rehearsalTable(proposal.rehearsal)}
    </section>
    ${changed} ${policyInWords(proposal.content)}
    <section class="panel">
      <h2>Its text</h2>
      <p><a href="${policyPath(proposal.id)}">${proposal.id}</a> as it is and was in force</p>
      <details>
        <summary>Version ${proposal.version}, SHA-256 <code>${proposal.hash}</code></summary>
        <pre>${stringify(proposal.content)}</pre>
      </details>
    </section>`; // prettier-ignore
}

function decision({ approval, tier, mayDecide, policy }: ApprovalPage): Html | null {
  const action = approvalPath(approval.id);
  const isLater = approval.state === 'APPROVED' && policy?.isLater === true;
  const back = html`<form class="tools" method="post" action="${action}">
    <input type="hidden" name="decision" value="withdraw" />
    <label>Why <input name="note" required /></label>
    <button class="quiet">${isLater ? 'Call it off' : 'Take it back'}</button>
    <span class="hint">${isLater ? 'Before its day; for whoever asked, and for those who may approve.' : 'For whoever asked.'}</span>
  </form>`; // prettier-ignore
  if (isLater)
    return html`<section class="panel">
      <h2>It is not in force yet</h2>
      ${back}
    </section>`;
  if (approval.state !== 'PENDING') return null;
  if (!mayDecide)
    return html`<section class="panel">
      <p class="hint">It waits for a yes or no, which takes the permission to approve.</p>
      ${back}
    </section>`;
  const hash = html`<input type="hidden" name="hash" value="${approval.hash}" />`;
  return html`<section class="panel">
    <h2>Decide</h2>
    <form class="tools" method="post" action="${action}">
      ${hash}<input type="hidden" name="decision" value="approve" />
      <label
        >${tier === 'HIGH' ? 'What you looked at' : 'Note, if any'}
        <input name="note" ${tier === 'HIGH' && html`required`}
      /></label>
      <button>Approve</button>
    </form>
    <form class="tools" method="post" action="${action}">
      ${hash}<input type="hidden" name="decision" value="decline" />
      <label>Why not <input name="note" required /></label>
      <button class="quiet">Decline</button>
    </form>
    ${back}
  </section>`;
}
