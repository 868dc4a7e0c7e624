import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parsePeople, personOf } from './people.js';
import { clickOf } from './slack-click.js';
import { isSignedBySlack } from './slack-signature.js';

const NOW = new Date('2026-11-25T10:00:00Z');
const AT = NOW.getTime() / 1000;
const body = Buffer.from('payload=%7B%7D');
const sign = (secret: string, timestamp: number) =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body.toString()}`).digest('hex')}`;

describe('a request of Slack', () => {
  it.each([
    ['signed now', AT, sign('s1', AT), true],
    ['signed by the secret that is rotated out', AT, sign('s0', AT), true],
    ['signed five minutes ago', AT - 300, sign('s1', AT - 300), true],
    ['signed longer ago', AT - 301, sign('s1', AT - 301), false],
    ['signed for later', AT + 301, sign('s1', AT + 301), false],
    ['signed by somebody else', AT, sign('s2', AT), false],
    ['signed for another time', AT, sign('s1', AT - 1), false],
    ['with half a signature', AT, 'v0=00', false],
    ['without one', AT, undefined, false],
  ])('%s', (_story, timestamp, signature, wanted) => {
    expect(isSignedBySlack({ timestamp: String(timestamp), signature, body }, 's1 s0', NOW)).toBe(wanted);
  });
});

describe('a click', () => {
  const payload = {
    type: 'block_actions',
    user: { id: 'U0123456', team_id: 'T0123456' },
    team: { id: 'T0123456' },
    response_url: 'https://hooks.slack.com/actions/1',
    actions: [{ action_id: 'acknowledge', action_ts: '1.5', value: 'case_1' }],
  };
  const form = (sent: unknown) => new URLSearchParams({ payload: JSON.stringify(sent) }).toString();

  it('is who pressed what, and the same when it is sent twice', () => {
    const click = clickOf(form(payload));
    expect(click).toMatchObject({
      kind: 'acknowledge',
      caseId: 'case_1',
      user: 'U0123456',
      team: 'T0123456',
    });
    expect(clickOf(form(payload))?.id).toBe(click?.id);
    const later = { ...payload, actions: [{ ...payload.actions[0], action_ts: '2.5' }] };
    expect(clickOf(form(later))?.id).not.toBe(click?.id);
  });

  it.each([
    ['a link that was followed', { ...payload, actions: [{ action_id: 'open', action_ts: '1' }] }],
    ['a form', { ...payload, type: 'view_submission' }],
    ['nothing', {}],
  ])('is not %s', (_story, sent) => {
    expect(clickOf(form(sent))).toBeNull();
  });

  it('is that of a person who is named, in their workspace', () => {
    const people = parsePeople(
      'people: [{ name: anna, slack: U0123456, team: T0123456 }, { name: ben, slack: U6543210 }]',
    );
    expect(personOf(people, { user: 'U0123456', team: 'T0123456' })).toEqual({
      actor: { type: 'user', id: 'anna' },
      name: 'anna',
    });
    expect(personOf(people, { user: 'U0123456', team: 'T9999999' })).toBeNull();
    expect(personOf(people, { user: 'U6543210', team: 'T9999999' })?.name).toBe('ben');
    expect(() => parsePeople('people: [{ name: anna, slack: anna }]')).toThrow('people.0.slack');
  });
});
