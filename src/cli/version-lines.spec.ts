import { expect, it } from 'vitest';
import { versionLines, type ShownVersion } from './version-lines.js';

const AT = '2026-11-28T10:00:00.000Z';
const LATER = '2026-11-28T12:30:00.000Z';
const version: ShownVersion = {
  version: '2026.12',
  stage: 'CANARY',
  firstSeenAt: null,
  knownSince: AT,
  announcedBy: 'ops',
  answersSince: null,
  nextStages: ['CHAMPION'],
  record: null,
  recordedAt: null,
  recordedBy: null,
  unanswered: [],
};

it.each<[string, Partial<ShownVersion>, string]>([
  ['announced', {}, 'announced 2026-11-28 10:00 UTC by ops, no row yet'],
  ['answering', { firstSeenAt: LATER, answersSince: LATER }, 'announced 2026-11-28 10:00 UTC by ops, first row 2026-11-28 12:30 UTC, first answered 2026-11-28 12:30 UTC'],
  ['on trial', { firstSeenAt: AT, announcedBy: null, stage: 'SHADOW' }, 'known since 2026-11-28 10:00 UTC, first row 2026-11-28 10:00 UTC, has never answered for the model'],
])('a version that is %s says since when it answers', (_, more, line) => {
  const [first, second] = versionLines({ ...version, ...more });
  expect(first).toBe(`2026.12 is ${more.stage?.toLowerCase() ?? 'canary'} and may go to: champion`);
  expect(second).toBe(line);
}); // prettier-ignore
