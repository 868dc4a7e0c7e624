import { actionMeaning } from '../domain/actions.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import { countText, minuteText, secondText } from '../domain/wording.js';
import { verifyInclusion } from '../ledger/merkle-proof.js';
import type { ProvedEntry } from '../pipeline/audit-proofs.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';

/** One entry of the ledger with its proof. */
export interface AuditEntryPage {
  readonly entry: LedgerEntry;
  readonly proved: ProvedEntry;
  /** The name of whoever did it. */
  readonly by: string;
}

/** One entry: who did what, and that it stands in the log that was signed. */
export function auditEntryPage({ entry, proved, by }: AuditEntryPage): PageContent {
  const { seq, at, action, subject, data } = entry;
  const body = html`<h1>Entry ${seq}</h1>
    <p class="lead">${actionMeaning(action) ?? action}</p>
    <section class="panel"><h2>What was recorded</h2>
      <dl class="facts">
        <div><dt>At (UTC)</dt><dd>${secondText(at)}</dd></div>
        <div><dt>Action</dt><dd class="mono">${action}</dd></div>
        <div><dt>By</dt><dd>${by}</dd></div>
        <div><dt>About</dt><dd>${subject.type} <span class="mono">${subject.id}</span></dd></div>
      </dl>
      <pre>${JSON.stringify(data, null, 1)}</pre>
    </section>
    <section class="panel"><h2>Proof</h2>${proofOf(proved)}</section>
    <p><a href="/audit?before=${seq + 1}#e${seq}">Among the others</a></p>`; // prettier-ignore
  return { title: `Entry ${seq}`, section: 'audit', body };
}

function proofOf(proved: ProvedEntry): Html {
  const { seq, entry, hash, path, size, root, checkpoint } = proved;
  const holds = verifyInclusion({
    leaf: Buffer.from(hash, 'hex'),
    index: seq - 1,
    size,
    proof: path.map((step) => Buffer.from(step, 'hex')),
    root: Buffer.from(root, 'hex'),
  });
  const steps = path.map((step) => html`<li class="mono">${step}</li>`);
  return html`<p role="status">
      <span class="state ${holds ? 'ok' : 'alert'}">${holds ? 'proved' : 'not proved'}</span> Entry ${seq} of
      ${countText(size)}: its hash and ${countText(path.length)} others lead to the root
      ${checkpoint === null ? `of a log of that size, for which no checkpoint was published.` : `that was signed${checkpoint.publishedAt === null ? '' : ` and published at ${minuteText(checkpoint.publishedAt)}`}.`}
    </p>
    <p class="hint">
      By hand: SHA-256 of a zero byte and the line of the entry is its hash; with each step (RFC 6962) it gives
      the root, which stands in the checkpoint. <code>tidewatch audit proof ${seq} --json</code> prints all of
      it, <code>tidewatch audit pack</code> makes a file that anybody checks without this service.
    </p>
    <details><summary>The line of the entry</summary><pre>${entry}</pre></details>
    <dl class="facts">
      <div><dt>Hash</dt><dd class="mono">${hash}</dd></div>
      <div><dt>Root</dt><dd class="mono">${root}</dd></div>
    </dl>
    <details><summary>Steps from the hash to the root</summary><ol>${steps}</ol></details>
    ${checkpoint && html`<details open><summary>Checkpoint</summary><pre>${checkpoint.note}</pre><p>To be verified with <span class="mono">${checkpoint.verifierKey}</span></p></details>`}`; // prettier-ignore
}
