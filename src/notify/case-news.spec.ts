import { describe, expect, it } from 'vitest';
import { change, closed, incident } from '../../test/support/incidents.js';
import { OutboxBench } from '../../test/support/outbox-bench.js';
import type { CaseMessage } from '../domain/case-message.js';
import type { CheckName } from '../domain/check-result.js';
import type { Incident } from '../domain/incident.js';
import { headWord } from './case-lines.js';
import { criticalNews, isLoud } from './case-news.js';
import { isBroadcast, threadNote } from './slack-message.js';

const age = incident('age');

/** A finding over four windows, each of so many rows and so large. */
function finding(check: CheckName, segment: string, size: number, rows: number): Incident {
  const statistic = 'error_rate';
  const course = { ...age.course, windows: 4, rows: 4 * rows, extents: [{ statistic, windows: 4, weight: 4 * rows, size, largest: size }] }; // prettier-ignore
  return incident(`${check} ${segment}`, { signal: { ...age.signal, check, segment, feature: null }, statistic, course }); // prettier-ignore
}

const WEB = finding('segment_performance', 'channel=web', 25, 100);
const WHOLE = finding('concept_drift', '', 5, 500);
const mild = (one: Incident): Incident => ({ ...one, severity: 'warning' });

/** The message about changes, one run after the other, each told before the next. */
async function toldOf(...runs: readonly (readonly Parameters<OutboxBench['tell']>[0][])[]): Promise<CaseMessage> {
  const bench = new OutboxBench({ ops: [{ kind: 'console' }] }, []);
  for (const run of runs) {
    await bench.tell(...run);
    bench.advance(60_000);
  }
  return bench.entriesOf('delivery.requested').at(-1)?.data['message'] as unknown as CaseMessage;
} // prettier-ignore

describe('a change that was told as critical by the part of the traffic that most of it is in', () => {
  it('is no loud news again when all rows show it, and the other way round', async () => {
    const whole = await toldOf([change('opened', WEB)], [change('opened', WHOLE)]);
    expect(whole.news).toMatchObject([{ incidentId: WHOLE.id, kind: 'opened', knownBy: WEB.id }]);
    expect([isLoud(whole), isBroadcast(whole), criticalNews(whole).size]).toEqual([false, false, 0]);
    // Its thread says so all the same.
    expect(threadNote(whole)).toMatch(/^➕ New: /u);
    const part = await toldOf([change('opened', WHOLE)], [change('opened', WEB)]);
    expect([isLoud(part), isBroadcast(part)]).toEqual([false, false]);
  });

  it('nor when it becomes critical in all rows, or what labels say of them in another number does', async () => {
    const grown = await toldOf(
      [change('opened', WEB), change('opened', mild(WHOLE))],
      [change('escalated', WHOLE)],
    );
    expect([isLoud(grown), isBroadcast(grown)]).toEqual([false, false]);
    const auc = { ...finding('performance', '', -0.1, 500), statistic: 'auc' };
    const beside = await toldOf([change('opened', WEB), change('opened', WHOLE)], [change('opened', auc)]);
    expect(isLoud(beside)).toBe(false);
  });

  it('is loud where severity rises, where the part is over, and where something else is critical', async () => {
    const rises = await toldOf([change('opened', mild(WEB))], [change('opened', WHOLE)]);
    expect([rises.rises, isBroadcast(rises)]).toEqual([true, true]);
    const over = await toldOf([change('opened', WEB), change('opened', age)], [change('closed', closed(WEB))], [change('opened', WHOLE)]); // prettier-ignore
    expect(isLoud(over)).toBe(true);
    const other = await toldOf([change('opened', WEB)], [change('opened', age)]);
    expect(isLoud(other)).toBe(true);
    // Elsewhere, most of it is not in that part.
    const more = await toldOf(
      [change('opened', WEB)],
      [change('opened', finding('concept_drift', '', 25, 500))],
    );
    expect(isLoud(more)).toBe(true);
    // A part that becomes critical by itself is more than was said of all rows.
    const worse = await toldOf([change('opened', WHOLE), change('opened', mild(WEB))], [change('escalated', WEB)]); // prettier-ignore
    expect(isBroadcast(worse)).toBe(true);
  });
});

describe('a case that was over', () => {
  it('is back where it shows what was told again', async () => {
    const back = await toldOf([change('opened', age)], [change('closed', closed(age))], [change('reopened', age)]); // prettier-ignore
    expect([back.purpose, headWord(back)]).toEqual(['reopened', 'BACK, CRITICAL']);
    expect(threadNote(back)).toContain('Back again: age has moved');
  });

  it('is not where something joins it that was never told, whatever became of that before', async () => {
    for (const kind of ['opened', 'reopened', 'escalated', 'amended'] as const) {
      const joined = await toldOf([change('opened', age)], [change('closed', closed(age))], [change(kind, WEB)]); // prettier-ignore
      expect(joined.news).toMatchObject([{ incidentId: WEB.id, kind: 'opened' }]);
      expect([joined.purpose, headWord(joined)]).toEqual(['reopened', 'CRITICAL']);
      expect(threadNote(joined)).toContain('New in a case that was over: a part of the traffic');
    }
  });
});

describe('the end of a finding', () => {
  /** Two findings that begin and one that ends; what is in one list is decided before a message could leave. */
  const small = { ...mild(WEB), id: 'small' };

  it('is no news to whom nobody told its beginning, which was replaced before it left', async () => {
    const bench = new OutboxBench({ ops: [{ kind: 'email', to: 'ops@example.org' }] }, []);
    await bench.tell(change('opened', age));
    bench.advance(60_000);
    await bench.drain();
    await bench.tell(change('opened', small));
    await bench.tell(change('closed', closed(small)));
    const last = bench.entriesOf('delivery.requested').at(-1)?.data['message'] as unknown as CaseMessage;
    expect([last.purpose, last.news]).toEqual(['updated', []]);
  });

  it('is news to whom its beginning was told, and a third one stays new beside it', async () => {
    const told = await toldOf([change('opened', age), change('opened', small)], [change('closed', closed(small)), change('opened', WHOLE)]); // prettier-ignore
    expect(told.news.map(({ incidentId, kind }) => [incidentId, kind])).toEqual([
      [small.id, 'closed'],
      [WHOLE.id, 'opened'],
    ]);
  });
});
