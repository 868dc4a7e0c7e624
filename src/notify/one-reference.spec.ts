import { expect, it } from 'vitest';
import type { Finding } from '../domain/case-message.js';
import { beyondSize } from './case-lines.js';

const SAID =
  '60 % of the answers are wrong, 24.1 % in the reference; all others 25 %, 23.8 % in the reference';
const finding: Finding = {
  incidentId: 'i', check: 'segment_performance', feature: null, segment: 'channel=web', statistic: 'error_rate', value: 0.6, effect: 37, n: 100, since: null, openedAt: '2026-11-21T10:00:00.000Z',
  extent: '+37 percentage points over 4 windows in 4 h', state: 'OPEN', severity: 'critical', explanation: `segment performance of channel=web: ${SAID}`, policy: { id: 'p', version: 1, rule: 'r' }, news: null,
}; // prettier-ignore

it('what a thing was stands once in a message: where it says from what to what, the words of the check leave it out', () => {
  expect(beyondSize({ ...finding, change: 'error rate 23 % → 60 %' })).toBe(
    '60 % of the answers are wrong; all others 25 %, 23.8 % in the reference',
  );
  // Where nothing says what it was, the words of the check do.
  expect(beyondSize(finding)).toBe(SAID);
});

it.each([
  ['12 % of 500 calls failed; 1.2 % in the reference', '12 % of 500 calls failed'],
  ['12 % of 500 calls failed; 1.2 % in the reference; mostly in channel=web', '12 % of 500 calls failed; mostly in channel=web'],
  ['the correlation of a and b is −0.61, 0.6 in the reference', 'the correlation of a and b is −0.61'],
  ['10 % of the rows have a value; in the reference none had', '10 % of the rows have a value; in the reference none had'],
  ['5 of 40 rows; all others 25 %, 23.8 % in the reference', '5 of 40 rows; all others 25 %, 23.8 % in the reference'],
])('"%s" becomes "%s"', (said, left) => {
  expect(beyondSize({ ...finding, change: 'x', explanation: `segment performance of channel=web: ${said}` })).toBe(left);
}); // prettier-ignore

it('where shares of a mix stand over all windows, the words of the check leave those of one window out', () => {
  const mix = '"good" make up 72 %, 91 % before; "bad" 28 %, 8.65 % before';
  const change = 'share of "good" 91 % → 74 %, of "bad" 8.65 % → 26 %';
  const said = (explanation: string) => beyondSize({ ...finding, change, explanation });
  expect(said(`${mix}; the score moved too; mostly in channel=app`)).toBe(
    'the score moved too; mostly in channel=app',
  );
  expect(said(mix)).toBeNull();
});
