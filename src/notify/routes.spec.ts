import { describe, expect, it } from 'vitest';
import type { Labels } from '../domain/matcher.js';
import { parseRoutes, RoutesError } from './parse-routes.js';
import { channelsOf, waysThrough } from './routes.js';

const NOON = new Date('2026-11-25T12:00:00Z');
const NIGHT = new Date('2026-11-25T23:30:00Z');
const FILE = `
channels: { default: [], ops: [], night: [], money: [], lead: [] }
times: { office: { days: [mon, tue, wed, thu, fri], from: '08:00', to: '18:00', timezone: Europe/Berlin } }
routes:
  - match: [environment=staging]
    channels: [default]
  - match: [owner=risk-team]
    channels: [ops]
    escalate: [{ after: 30m, channels: [lead] }]
    remind: [4h, 1d]
    routes:
      - { match: [severity=critical], outside: [office], channels: [night] }
      - { match: [model=credit-*, tier=HIGH], channels: [money], escalate: [], continue: true }
      - { match: [feature=age], remind: [1h] }
`;
const LABELS: Labels = {
  model: 'fraud',
  version: '1',
  owner: 'risk-team',
  tier: 'HIGH',
  check: 'feature_drift',
  feature: 'income',
  segment: '',
  severity: 'warning',
  policy: 'default',
  environment: ['production'],
};

describe('the routes of a channels file', () => {
  const ways = (labels: Partial<Labels>, now = NOON) =>
    waysThrough(parseRoutes(FILE), { labels: { ...LABELS, ...labels }, named: ['default'] }, now);

  it.each<[story: string, labels: Partial<Labels>, now: Date, channels: readonly string[]]>([
    ['the branch itself where nothing below it matches', {}, NOON, ['ops']],
    ['what the policy names where no branch matches', { owner: 'nobody' }, NOON, ['default']],
    ['one of several environments', { environment: ['production', 'staging'] }, NOON, ['default']],
    ['a branch of working hours by day', { severity: 'critical' }, NOON, ['ops']],
    ['another branch by night', { severity: 'critical' }, NIGHT, ['night']],
    ['the first branch that matches', { severity: 'critical', model: 'credit-x' }, NIGHT, ['night']],
    [
      'the next as well where a branch goes on',
      { model: 'credit-x', feature: 'age' },
      NOON,
      ['money', 'ops'],
    ],
  ])('lead to %s', (_story, labels, now, channels) => {
    expect(channelsOf(ways(labels, now))).toEqual(channels);
  });

  it('hand down escalation and reminders until a branch says otherwise', () => {
    expect(ways({ feature: 'age' })).toEqual([
      { channels: ['ops'], escalate: [{ after: 1_800_000, channels: ['lead'] }], remind: [3_600_000] },
    ]);
    expect(ways({ model: 'credit-x' })[0]).toMatchObject({ escalate: [], remind: [14_400_000, 86_400_000] });
  });

  it.each([
    ['routes: [{ channels: [nobody] }]', 'routes.0.channels: there is no channel "nobody" (there are ops)'],
    ['routes: [{ routes: [{ during: [lunch] }] }]', 'routes.0.routes.0.during: there is no time "lunch"'],
    ['routes: [{ escalate: [{ after: 30m, channels: [x] }] }]', 'routes.0.escalate: there is no channel "x"'],
    ['routes: [{ remind: [4h, 1h] }]', 'routes.0.remind: each later than the one before'],
    ['routes: [{ match: [colour=red] }]', 'routes.0.match.0: "colour=red" is no matcher'],
    ['routes: [{ chanels: [ops] }]', 'routes.0: "chanels" is not a known field; did you mean channels?'],
  ])('that cannot be used are named with what is wrong: %s', (text, problem) => {
    const parse = () => parseRoutes(`channels: { ops: [] }\n${text}`);
    expect(parse).toThrow(RoutesError);
    expect(parse).toThrow(problem);
  });
});
