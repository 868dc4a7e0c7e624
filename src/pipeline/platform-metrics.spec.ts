import { beforeEach, expect, it } from 'vitest';
import { begin, finishedRun, later, now, state } from '../../test/support/retraining-ground.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { ModelVersion, RegisteredModel } from '../registry/registry.js';
import { platformMetrics } from './platform-metrics.js';

const HOUR = 3_600_000;
const at = (hour: number) => new Date(Date.UTC(2026, 10, 21, 10) + hour * HOUR);
const version = (knownSince: number, answersSince: number | null): ModelVersion => ({
  version: 'v',
  stage: 'challenger',
  firstSeenAt: answersSince === null ? null : at(answersSince),
  declared: true,
  knownSince: at(knownSince),
  announcedBy: null,
  answersSince: answersSince === null ? null : at(answersSince),
  led: null,
  championed: null,
  record: null,
});
const model = (versions: readonly ModelVersion[]): RegisteredModel => ({
  model: {} as RegisteredModel['model'],
  registeredAt: at(0),
  versions,
  baseline: null,
  ownBaselines: new Map(),
  calibrations: new Map(),
});
const incident = (opened: number, closed: number | null, announced = true) =>
  ({ openedAt: at(opened), closedAt: closed === null ? null : at(closed), announced }) as IncidentRecord;

beforeEach(begin);

it('counts what happened in the period, and how long it took', () => {
  finishedRun();
  later(48 * HOUR);
  finishedRun();
  const models = [model([version(0, 2), version(1, 5), version(20, null)]), model([version(-50, -40)])];
  const incidents = [incident(1, 3), incident(2, 4, false), incident(5, null), incident(-9, 30)];
  expect(platformMetrics({ models, incidents, retrainings: state }, { since: at(0), until: at(24) })).toEqual(
    {
      models: 2,
      versionsRegistered: 3,
      versionsPromoted: 2,
      secondsToProduction: { median: 7_200, p90: 14_400, longest: 14_400, n: 2 },
      trainings: [{ state: 'SUCCEEDED', count: 1 }],
      incidentsOpened: 3,
      incidentsClosed: 2,
      secondsToClose: { median: 7_200, p90: 7_200, longest: 7_200, n: 1 },
    },
  );
});

it('says of what there was none that it is not known', () => {
  const nothing = platformMetrics(
    { models: [], incidents: [], retrainings: state },
    { since: at(0), until: now },
  );
  expect(nothing).toMatchObject({ trainings: [], secondsToProduction: null, secondsToClose: null });
});
