import { afterAll, beforeAll, expect, it } from 'vitest';
import { beginCourse, continueCourse, type IncidentCourse } from '../../src/domain/incident-course.js';
import type { Incident } from '../../src/domain/incident.js';
import { UNTOUCHED } from '../../src/notify/case-hands.js';
import { UNKNOWN_SUBJECT } from '../../src/notify/case-subject.js';
import { caseMessage } from '../../src/notify/message.js';
import { casePicture } from '../../src/pipeline/case-picture.js';
import { incident } from '../support/incidents.js';
import { launch, type Launched } from '../support/launch.js';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-10T00:00:00Z');
const FIRST = 40;
const at = (hour: number) => new Date(START + hour * HOUR);

let app: Launched;
beforeAll(async () => {
  app = await launch({ now: at(100) });
});
afterAll(async () => app.close());

/** `age` has moved from its fortieth hour on, as a message says it once so many hours were judged. */
function messageAt(hours: number, more: Partial<Incident> = {}) {
  const shown = (hour: number) => ({
    from: at(hour),
    to: at(hour + 1),
    statistic: 'location',
    effect: 1.5,
    n: 900,
    since: null,
  });
  const later = Array.from({ length: hours - FIRST - 1 }, (_, i) => shown(FIRST + 1 + i));
  const course = later.reduce<IncidentCourse>(
    (before, one) => continueCourse(before, one, false),
    beginCourse(shown(FIRST)),
  );
  const member = incident('age', { course, lastWindowTo: at(hours), ...more });
  return caseMessage({
    caseId: 'case-1',
    seq: 1,
    purpose: 'opened',
    members: [member],
    changes: [],
    news: [],
    rises: () => false,
    call: null,
    subject: UNKNOWN_SUBJECT,
    quiet: () => null,
    handled: UNTOUCHED,
    toldAt: null,
    nameOf: (actor) => actor,
    baseUrl: '',
    now: at(100),
  });
}

/** What was judged of the hours `from` to `to`. */
const store = async (from: number, to: number) =>
  app.service.stages.database.insert(
    'check_results',
    Array.from({ length: to - from }, (_, i) => ({
      model: 'credit-default', version: '2026.11', window_from: at(from + i).getTime() / 1000, window_to: at(from + i + 1).getTime() / 1000, revision: 0, check: 'feature_drift', feature: 'age',
      statistic: 'location', value: 0, n: 900, state: 'OK', evidence: 0, effect: from + i < FIRST ? 0.1 : 1.5, since: null, explanation: '', evaluated_at: '2026-11-14 00:00:00.000',
    })), // prettier-ignore
  );

it('the picture of a message ends with the windows that its text speaks of, however far the ledger and the judging are apart', async () => {
  const { stages } = app.service;
  await store(0, 45);
  // In a back-fill the message is there before what was judged is stored.
  const early = casePicture(stages, messageAt(50));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await store(45, 50);
  const picture = await early;
  expect(picture).not.toBeNull();
  expect(await casePicture(stages, messageAt(50))).toEqual(picture);
  // And what is judged before it is sent is none of it: its text does not know that either.
  await store(50, 70);
  expect(await casePicture(stages, messageAt(50))).toEqual(picture);
  expect(await casePicture(stages, messageAt(70))).not.toEqual(picture);
}, 30_000);

it('there is no picture that ends before its text', async () => {
  expect(await casePicture(app.service.stages, messageAt(90))).toBeNull();
}, 30_000);

it('a stream that has stopped is drawn by its rows, with the stop', async () => {
  const { database } = app.service.stages;
  const minutes = (from: number, to: number) =>
    Array.from({ length: (to - from) * 60 }, (_, i) => ({
      model: 'credit-default', version: '2026.11', minute: at(from).getTime() / 1000 + 60 * i, predictions: 10 + (i % 7), labelled: 0, computed_at: '2026-11-14 00:00:00.000',
    })); // prettier-ignore
  await database.insert('performance_1m', minutes(0, 50));
  const stopped = (hours: number) =>
    messageAt(FIRST + 1, {
      signal: { ...incident('x').signal, check: 'freshness', feature: null },
      statistic: 'silence',
      effect: null,
      lastWindowTo: at(50 + hours),
      course: { ...beginCourse({ from: at(50), to: at(50 + hours), statistic: 'silence', effect: null, n: 0, since: null }), lastAt: at(50 + hours) },
    }); // prettier-ignore
  const [short, long] = [
    await casePicture(app.service.stages, stopped(1 / 3)),
    await casePicture(app.service.stages, stopped(8)),
  ];
  expect(short).not.toBeNull();
  expect(long).not.toBeNull();
  expect(long).not.toEqual(short);
});
