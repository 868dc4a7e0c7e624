import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { incidentJson } from '../incidents/incident-json.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { Incidents, type IncidentCase } from '../incidents/incidents.js';
import { briefingOf } from '../notify/briefing.js';
import { caseNow } from '../notify/case-now.js';
import { UNKNOWN_SUBJECT } from '../notify/case-subject.js';
import { fleetPage, fleetRows } from './fleet.page.js';
import { incidentsPage } from './incident.page.js';
import { paged } from './pager.js';
import { incident } from '../../test/support/incidents.js';

const MANY = 2_000;
/** Incidents of one case, and model. */
const TOGETHER = 5;
const MOST_BYTES = 100_000;

function recordOf(i: number): IncidentRecord {
  const model = `m${Math.floor(i / TOGETHER)}`;
  const feature = `f${i % TOGETHER}`;
  const openedAt = new Date(Date.UTC(2026, 0, 1) + i * 1000);
  const signal = { model, version: '1', check: 'feature_drift', segment: '', feature } as const;
  return {
    ...incident(feature, { id: `i${i}`, key: `k${i}`, signal, openedAt }),
    caseId: `c-${model}`,
    n: 100,
    firstWindow: { to: openedAt, revision: 0 },
    lastRevision: 0,
    beginnings: [],
    confirmed: true,
    clearAfter: 2,
    announced: true,
    explainedBy: null,
    acknowledgedAt: null,
    acknowledgedUntil: null,
    closeReason: null,
  };
}

/** What a case is about, without what is known of its model. */
function tell({ members }: IncidentCase) {
  const about = caseNow({ members, importance: () => null, quiet: () => null, now: new Date() });
  return { about, briefing: briefingOf(about, members, UNKNOWN_SUBJECT) };
}

function opened(): Incidents {
  const incidents = new Incidents();
  for (let i = 0; i < MANY; i += 1)
    incidents.apply({
      seq: i + 1,
      hash: '',
      at: new Date(0),
      action: 'incident.opened',
      actor: { type: 'system', id: 'tidewatch' },
      subject: { type: 'incident', id: `i${i}` },
      data: { incident: incidentJson(recordOf(i)) },
    });
  return incidents;
}

it('shows thousands of open incidents on pages that stay small, each on one of them', () => {
  const incidents = opened();
  const all = incidents.list();
  const cases = incidents.cases({ state: 'OPEN' });
  expect([all.length, cases.length]).toEqual([MANY, MANY / TOGETHER]);
  const page = (number: number) =>
    incidentsPage({
      incidents: paged(all, number, 100),
      state: 'OPEN',
      cases: paged(cases, number, 25),
      tell,
    }).body.text;
  expect(page(2).length).toBeLessThan(MOST_BYTES);
  const shown = (text: string) => new Set([...text.matchAll(/\/incidents\/(i\d+)/gu)].map(([, id]) => id));
  const pages = Array.from({ length: MANY / 100 }, (_, i) => shown(page(i + 1)));
  expect(new Set(pages.flatMap((ids) => [...ids])).size).toBe(MANY);
  expect(page(2)).toContain('/incidents?state=OPEN&amp;page=3&amp;cases=2');
});

it('names the fleet’s newest cases, and where all of them are', () => {
  const incidents = opened();
  const registered = new Date(0);
  const models = Array.from({ length: MANY / TOGETHER }, (_, i) => ({
    model: Model.parse({ key: `m${i}`, task: 'regression' }),
    registeredAt: registered,
    versions: [],
    ownBaselines: new Map(),
    calibrations: new Map(),
    baseline: null,
  }));
  const search = { text: '', shown: 'all' } as const;
  const found = fleetRows({
    models,
    open: incidents.open(),
    silent: new Map<string, number>(),
    monitoring: new Map(),
    search,
  });
  const { body } = fleetPage({
    now: new Date(),
    models: models.length,
    found,
    rows: paged(found, 2, 100),
    newestRow: () => null,
    search,
    cases: incidents.cases({ state: 'OPEN' }),
    tell: (one) => {
      const { about, briefing } = tell(one);
      const cause = { kind: 'upstream', text: `cause of ${one.model}` } as const;
      return { about, briefing: { ...briefing, title: `title of ${one.model}`, cause } };
    },
    today: 0,
    traffic: new Map(),
    windows: new Map(),
    problems: new Map(),
    monitoring: new Map(),
  });
  expect(body.text.length).toBeLessThan(MOST_BYTES);
  expect(body.text).toContain('All 400 open cases');
  expect(body.text).toContain('page=3');
  // Of a case on the list, and of the gravest one of a model in the table.
  expect(body.text.match(/title of m399</gu)).toHaveLength(1);
  expect(body.text.match(/title of m\d+<\/a\s*><br \/><span class="hint">cause of m\d+</gu)).toHaveLength(
    100,
  );
});
