import { expect, it } from 'vitest';
import type { ModelStage } from '../domain/model.js';
import { answeredSince, championOf, rivalOf, versionToTrain } from './answering.js';
import type { ModelVersion } from './version-entries.js';

const version = (name: string, stage: ModelStage, answersSince: Date | null = new Date(0)): ModelVersion => ({
  version: name,
  stage,
  firstSeenAt: new Date(0),
  knownSince: new Date(0),
  announcedBy: null,
  answersSince,
  declared: true,
  led: null,
  championed: null,
  record: null,
});

it('a training is asked for the champion, not for the newest that was made; while nobody answers, for the newest', () => {
  const versions = [version('1', 'champion'), version('2', 'challenger'), version('3', 'shadow', null)];
  expect([championOf(versions), versionToTrain(versions)]).toEqual(['1', '1']);
  expect(versionToTrain(versions.slice(1))).toBe('3');
  expect(versionToTrain([])).toBeNull();
});

it('a version is held against the champion, and the champion against who answered before', () => {
  const versions = [
    version('1', 'retired'),
    version('2', 'challenger'),
    version('3', 'champion'),
    version('4', 'shadow'),
  ];
  expect(rivalOf(versions, '4')?.version).toBe('3');
  expect(rivalOf(versions, '3')?.version).toBe('2');
  expect(rivalOf([version('3', 'champion')], '3')).toBeNull();
  expect(rivalOf([version('4', 'shadow')], '5')).toBeNull();
});

it('what was announced as champion or canary answers from its first row on', () => {
  const [at, later] = [new Date(5), new Date(9)];
  expect(answeredSince({ answersSince: at, firstSeenAt: null })).toBeNull();
  expect(answeredSince({ answersSince: null, firstSeenAt: at })).toBeNull();
  expect(answeredSince({ answersSince: at, firstSeenAt: later })).toBe(later);
  expect(answeredSince({ answersSince: later, firstSeenAt: at })).toBe(later);
});
