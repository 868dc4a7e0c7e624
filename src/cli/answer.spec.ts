import { expect, it } from 'vitest';
import { approvalLines, waitsText, type ShownApproval } from './approval.js';
import { silenceLines } from './silence.js';

const AT = '2026-11-26T17:10:04.650Z';

it('writes instants as people read them', () => {
  const asked: ShownApproval = {
    id: 'apr_1', kind: 'CASE_CLOSE', state: 'PENDING', model: 'loans', tier: 'HIGH', summary: 'close case_1', reason: 'over', terms: null,
    hash: 'h', askedBy: 'anna', askedAt: AT, expiresAt: AT, endedBecause: null, needed: 2, joined: [], words: [{ by: 'anna', at: AT, isYes: true, note: null }],
  }; // prettier-ignore
  const silence = { id: 'sil_1', state: 'ACTIVE', startsAt: AT, endsAt: AT, createdBy: 'anna', comment: 'backfill', suppressed: 0, matchers: [], only: null }; // prettier-ignore
  const said = [waitsText(asked), ...approvalLines(asked), ...silenceLines([silence])].join('\n');
  expect(said.match(/2026-11-26 17:10 UTC/gu)).toHaveLength(6);
  expect(said).not.toMatch(/\d{4}-\d{2}-\d{2}T/u);
});
