import { expect, it } from 'vitest';
import { SuspectDays } from './suspect-days.js';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 27, hour));
const take = (days: SuspectDays, models = ['m', 'n']) =>
  days.take(at(5), (model) => models.includes(model))?.day ?? null;

it('are those of what was found and of what was erased, each once, and none from before the process began', () => {
  const days = new SuspectDays();
  const windows = ['2026-11-20T03:00:00.000Z', '2026-11-20T04:00:00.000Z', '2026-11-21T00:00:00.000Z'].map((from) => ({ from, digest: '' })); // prettier-ignore
  days.apply({ action: 'window.rows_changed', data: { model: 'm', windows: [{ from: '2026-11-01T00:00:00.000Z' }] }, at: at(4) }); // prettier-ignore
  days.apply({ action: 'window.results_changed', data: { model: 'm', windows }, at: at(6) });
  days.apply({ action: 'window.rows_replaced', data: { model: 'm', windows: [{ from: '2026-11-02T00:00:00.000Z' }] }, at: at(6) }); // prettier-ignore
  days.apply({ action: 'subject.erased', data: { models: { n: { days: { '2026-11-05': 2 }, marks: { '2026-11-06': 'x' } } } }, at: at(7) }); // prettier-ignore
  expect(take(days, ['n'])).toBe('2026-11-05');
  expect([take(days), take(days), take(days), take(days)]).toEqual(['2026-11-20', '2026-11-21', '2026-11-06', null]); // prettier-ignore
});
