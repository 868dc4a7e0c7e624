import { countText, minuteText, numberText, percentText } from '../domain/wording.js';
import { copiesText, type RecordedManifest, type TrainingManifest } from '../retraining/manifest.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';
import { incidentPath } from './links.js';

const minute = (time: string): string => minuteText(new Date(time));

function rowsText({ rows }: TrainingManifest): string {
  return `${countText(rows.usable)} of ${countText(rows.total)} rows: ${countText(rows.excluded)} are left out as faulty, ${countText(rows.failedCalls)} are failed calls, ${countText(rows.unlabelled)} have no label`;
}

function excluded({ exclude }: TrainingManifest): Html | false {
  if (exclude.length === 0) return false;
  const rows = exclude.map(
    ({ from, to, rows: n, reasons }) =>
      html`<tr>
        <td class="when">${minute(from)}</td>
        <td class="when">${minute(to)}</td>
        <td class="number">${countText(n)}</td>
        <td class="wide">
          ${reasons.map(({ incident, summary }) => html`<a href="${incidentPath(incident)}">${summary}</a><br />`)}
        </td>
      </tr>`,
  );
  const heads = html`<th>Left out from (UTC)</th>
    <th>To</th>
    <th>Rows</th>
    <th>Because</th>`;
  return dataTable(heads, rows, { broad: true });
}

function toBeat({ toBeat: versions }: TrainingManifest): Html | false {
  if (versions.length === 0) return false;
  const rows = versions.map(
    ({ version, stage, labelled, metrics }) =>
      html`<tr>
        <td>${version}</td>
        <td>${stage}</td>
        <td class="number">${countText(labelled)}</td>
        <td class="wide">
          ${Object.entries(metrics)
            .map(([name, value]) => `${name.replaceAll('_', ' ')} ${numberText(value)}`)
            .join(', ')}
        </td>
      </tr>`,
  );
  const heads = html`<th>Version to beat</th>
    <th>Stage</th>
    <th>Labelled</th>
    <th>Its metrics</th>`;
  return dataTable(heads, rows, { broad: true });
}

function files({ files: list }: TrainingManifest): Html | false {
  if (list.length === 0) return false;
  const rows = list.map(
    ({ name, rows: n, bytes, sha256 }) =>
      html`<tr>
        <td>${name}</td>
        <td class="number">${countText(n)}</td>
        <td class="number">${countText(bytes)}</td>
        <td class="wide"><code>${sha256}</code></td>
      </tr>`,
  );
  const heads = html`<th>File</th>
    <th>Rows</th>
    <th>Bytes</th>
    <th>SHA-256</th>`;
  return dataTable(heads, rows, { broad: true });
}

function protectedText({
  protected: { handling, attributes, alsoFeatures },
  subjects,
}: TrainingManifest): string {
  const handled = handling === 'include' ? 'in the files' : 'left out';
  return [
    attributes.length > 0 && `Protected attributes (${attributes.join(', ')}) are ${handled}.`,
    alsoFeatures.length > 0 && `The model has ${alsoFeatures.join(', ')} as a feature: that column is there.`,
    subjects.rows > 0 && `${countText(subjects.rows)} rows name a person; no file does.`,
  ]
    .filter((sentence) => sentence !== false)
    .join(' ');
}

/** What a training learns from, for people. */
export function manifestPanel({ manifest, digest }: RecordedManifest): Html {
  const { period, classes, labels, columns, problems } = manifest;
  const balance = classes.map(({ label, share }) => `${label} ${percentText(share)}`).join(', ');
  const due = labels.mature === 0 ? null : labels.matureLabelled / labels.mature;
  const copies = copiesText(manifest);
  const held = columns.filter(({ holds }) => holds === 'feature').length;
  return html`<section class="panel">
    <h2>What it learns from</h2>
    ${problems.map((problem) => html`<p class="hint">${problem}.</p>`)}
    <p>
      ${minute(period.from)} to ${minute(period.to)} (UTC), ${rowsText(manifest)}. ${countText(held)}
      features. ${balance !== '' && html`Labels: ${balance}.`} Of rows whose label is due, ${percentText(due)}
      have one. ${protectedText(manifest)}
      ${copies.length > 0 && html`Left out as copies of the same requests (UTC): ${copies.join(', ')}.`}
    </p>
    ${excluded(manifest)}${toBeat(manifest)}${files(manifest)}
    <p class="hint">Digest <code>${digest}</code></p>
  </section>`;
}
