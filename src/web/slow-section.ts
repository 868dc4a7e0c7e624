import { countText, intervalText, minuteText, numberText, percentText } from '../domain/wording.js';
import type { SlowCalls, SlowLimit } from '../pipeline/slow-calls.js';
import { dataTable } from './data-table.js';
import { html, type Html } from './html.js';

const LIMIT: Readonly<Record<SlowLimit, string>> = {
  ASKED: '',
  TARGET: ', the target of the model file',
  REFERENCE: ', the 95th percentile of the reference',
  STRETCH: ', the 95th percentile of this range',
};
const MOST_SEGMENTS_SHOWN = 15;

/** Which calls were slow or failed: how many, in which parts of the traffic, and the slowest by id. */
export function slowSection({ aboveMs, limit, calls, timed, slow, failed, segments, others, rows }: SlowCalls): Html {
  if (calls === 0 || (slow === 0 && failed === 0)) return html``;
  const times = aboveMs === null ? 'no call says how long it took' : `${countText(slow)} of ${countText(timed)} calls (${percentText(timed > 0 ? slow / timed : null)}) took longer than ${numberText(aboveMs)} ms${LIMIT[limit]}`;
  const parts = segments.slice(0, MOST_SEGMENTS_SHOWN).map(
    (one) => html`<tr>
      <th scope="row">${one.segment}</th>
      <td class="number">${countText(one.calls)}</td>
      <td class="number">${countText(one.slow)}</td>
      <td class="number">${percentText(one.slowRate)}</td>
      <td class="number">${intervalText(one.slowInterval?.low ?? null, one.slowInterval?.high ?? null, percentText)}</td>
      <td class="number">${percentText(one.slowRateElsewhere)}</td>
      <td class="number">${numberText(one.p95Ms)}</td>
      <td class="number">${percentText(one.failureRate)}</td>
      <td class="number">${intervalText(one.failureInterval?.low ?? null, one.failureInterval?.high ?? null, percentText)}</td>
      <td class="number">${percentText(one.failureRateElsewhere)}</td>
    </tr>`,
  );
  const slowest = rows.map(
    ({ predictionId, at, latencyMs, status, segment }) => html`<tr>
      <td class="mono">${predictionId}</td>
      <td class="when">${minuteText(new Date(at))}</td>
      <td class="number">${numberText(latencyMs)}</td>
      <td>${status || 'ok'}</td>
      <td class="wide">${Object.entries(segment).map(([key, value]) => `${key}=${value}`).join(', ')}</td>
    </tr>`,
  );
  return html`<p>${times}; ${countText(failed)} of ${countText(calls)} failed.</p>
    ${parts.length > 0 && dataTable(html`<th>Segment</th><th class="number">Calls</th><th class="number">Slow</th><th class="number">Slow share</th><th class="number">95 % interval</th><th class="number">Elsewhere</th><th class="number">p95, ms</th><th class="number">Failed share</th><th class="number">95 % interval</th><th class="number">Elsewhere</th>`, parts, { caption: html`Where calls are slow or fail, the most beyond the others first` })}
    ${others.length > 0 && html`<p class="hint">Not listed: ${others.map(othersText).join('; ')}.</p>`}
    ${dataTable(html`<th>Prediction</th><th>Time</th><th class="number">ms</th><th>Status</th><th>Segment</th>`, slowest, { caption: html`The slowest calls, and the newest that failed` })}`;
} // prettier-ignore

/** `4,071 other values of session: 4,071 calls, 203 slow, 0 failed` */
function othersText({ key, values, calls, slow, failed }: SlowCalls['others'][number]): string {
  return `${countText(values)} other values of ${key}: ${countText(calls)} calls, ${countText(slow)} slow, ${countText(failed)} failed`;
}
