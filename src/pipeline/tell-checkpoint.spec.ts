import { expect, it } from 'vitest';
import { Deliveries } from '../notify/deliveries.js';
import { noticeEmail } from '../notify/email-message.js';
import { slackNotice } from '../notify/slack-message.js';
import { noticeText } from '../notify/notice-text.js';
import { tellCheckpoint } from './tell-checkpoint.js';

const latest = {
  head: { origin: 'o', size: 1200, root: 'ab12' },
  note: 'o\n1200\nqxI=\n\n— o x\n',
  verifierKey: 'k',
};
const stages = (channels: object) => ({ channels: channels as never, deliveries: new Deliveries(), baseUrl: 'http://t' }); // prettier-ignore
const NOW = new Date('2026-11-26T10:00:00Z');

it('tells a channel called checkpoints of the newest one, once a day', () => {
  const parts = stages({ checkpoints: [{ kind: 'email', to: 'auditor@example.org' }] });
  const tell = (at: Date) => {
    const entries = tellCheckpoint(parts, { latest }, at);
    for (const entry of entries) parts.deliveries.apply({ ...entry, seq: 1, hash: '' });
    return entries;
  };
  const [entry] = tell(NOW);
  const message = entry!.data['message'] as never;
  expect(message).toMatchObject({
    type: 'ledger_notice',
    checkpoint: { size: 1200, root: 'ab12', note: latest.note },
  });
  expect(noticeText(message)).toMatch(/^checkpoint of the ledger: keep this: the log of 1.200 entries/u);
  expect([noticeEmail(message).text, slackNotice(message).text]).toEqual([
    expect.stringContaining(latest.note),
    expect.stringContaining(latest.note),
  ]);
  expect(tell(new Date('2026-11-26T23:59:59Z'))).toEqual([]);
  expect(tell(new Date('2026-11-27T00:00:00Z'))).toHaveLength(1);
});

it('tells nobody without such a channel, or before the first checkpoint', () => {
  expect(tellCheckpoint(stages({ default: [{ kind: 'console' }] }), { latest }, NOW)).toEqual([]);
  expect(tellCheckpoint(stages({ checkpoints: [{ kind: 'console' }] }), { latest: null }, NOW)).toEqual([]);
});
