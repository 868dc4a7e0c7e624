import { expect, it } from 'vitest';
import type { ApprovalNotice } from '../domain/approval-notice.js';
import { noticeEvent } from './cloud-event.js';
import { isNotice, noticeLink, noticeText } from './notice-text.js';
import { spoken } from './spoken.js';

const NOTICE: ApprovalNotice = {
  type: 'approval_notice',
  approvalId: 'a1',
  kind: 'PROMOTION',
  model: 'credit',
  what: 'version 8 of credit takes over from 7',
  step: 'requested',
  at: '2026-11-21T10:00:00.000Z',
  expiresAt: '2026-11-28T10:00:00.000Z',
  summary: 'ada asked, and 2 others have to agree until 2026-11-28 10:00 UTC: better in shadow',
  links: { approval: 'https://watch.example/approvals/a1' },
};

it('what waits for others is told with who asked, why, how many, until when and where', () => {
  expect(isNotice(NOTICE)).toBe(true);
  expect(noticeText(NOTICE)).toBe(
    'version 8 of credit takes over from 7 waits for a yes or no: ada asked, and 2 others have to agree until 2026-11-28 10:00 UTC: better in shadow',
  );
  expect(noticeText({ ...NOTICE, step: 'expired', summary: '0 of 2 said yes' })).toBe(
    'version 8 of credit takes over from 7 was not decided in time: 0 of 2 said yes',
  );
  expect(noticeLink(NOTICE)).toBe('https://watch.example/approvals/a1');
});

it('is an event of its own kind with its schema, and opens no alert that somebody must end', () => {
  const event = JSON.parse(noticeEvent('d1', NOTICE)) as Record<string, unknown>;
  expect(event).toMatchObject({
    type: 'io.tidewatch.approval.requested.v1',
    subject: 'credit',
    dataschema: 'https://watch.example/schemas/approval.v1.json',
    data: { approvalId: 'a1', kind: 'PROMOTION', text: noticeText(NOTICE) },
  });
  const about = { stream: 's', requestedAt: new Date(NOTICE.at) };
  expect(spoken(NOTICE, about)).toMatchObject({
    severity: 'info',
    isBrief: true,
    labels: { model: 'credit' },
  });
  expect(spoken({ ...NOTICE, model: null }, about).labels).toEqual({});
});
