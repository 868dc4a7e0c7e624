import { minuteText } from '../domain/wording.js';
import { html, type Html } from './html.js';
import { modelPath } from './links.js';
import type { View } from './view-options.js';

/** The longest range that a page shows. */
const LONGEST_RANGE_DAYS = 365;

/**
 * What stands where a range has no judged window: that none was judged at all, or where the newest one ends, epoch ms, and the way there. What was judged before the range, as
 * of months that were sent at once, was judged.
 */
export function nothingJudged(judgedTo: number | null, view: Pick<View, 'model' | 'version' | 'days'>): Html {
  if (judgedTo === null) return html`<p class="empty">No window was judged yet.</p>`;
  const address = `${modelPath(view.model)}?days=${LONGEST_RANGE_DAYS}&version=${encodeURIComponent(view.version)}`;
  return html`<p class="empty">
    No window of this range was judged; the newest one before it ends ${minuteText(new Date(judgedTo))}.
    ${view.days < LONGEST_RANGE_DAYS && html`<a href="${address}">Show the year</a>`}
  </p>`;
}
