import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { writeRows } from './compared-rows.js';
import { outcomeOf, timeEach, timePeer, TIMED_PEERS } from './time-peer.js';
import { absences, ownTimes, timeNumbers, timeTable } from './time-table.js';

const rows = writeRows({ hourly: 2, current: [3, 5], features: 2, shift: 100 }, 1);
afterAll(() => rows.remove());

const [evidently, nannyml] = TIMED_PEERS;
const timing = { version: '1.2', prepared: null, seconds: 3, cpu: 5, drifted: 2 };

describe('a peer', () => {
  it('that cannot be asked is absent, with the reason', () => {
    const [hour] = rows.current;
    if (!hour) throw new Error('no hour');
    const options = { pythons: ['/nonexistent/python'], timeoutMs: 10_000 };
    expect(timePeer(evidently, rows, hour, options)).toEqual({
      absent: '/nonexistent/python does not start: ENOENT',
    });
  });

  it('has a time only where its answer has the agreed shape', () => {
    expect(outcomeOf({ value: timing })).toEqual({ timing });
    expect(outcomeOf({ slow: 'not done after 1 s' })).toEqual({ slow: 'not done after 1 s' });
    expect(outcomeOf({ failed: 'ValueError' })).toEqual({ failed: 'ValueError' });
    for (const value of [
      null,
      [],
      {},
      { ...timing, seconds: '3' },
      { ...timing, seconds: 0 },
      { ...timing, seconds: null },
      { ...timing, cpu: undefined },
      { ...timing, drifted: -1 },
      { ...timing, version: '' },
      { ...timing, more: 1 },
    ])
      expect(outcomeOf({ value }), JSON.stringify(value)).toEqual({
        failed: expect.stringContaining('its answer is not a time') as unknown,
      });
  });
});

describe('all peers', () => {
  it('are asked about fewer rows first, and not about more after being too slow', () => {
    const asked: string[] = [];
    const times = timeEach(rows.current.toReversed(), (peer, hour) => {
      asked.push(`${peer.peer} ${hour.rows}`);
      return peer === evidently ? { slow: 'not done after 1 s' } : { absent: 'no' };
    });
    const others = TIMED_PEERS.filter((peer) => peer !== evidently).map(({ peer }) => peer);
    expect(asked).toEqual([
      'evidently 3',
      ...others.map((peer) => `${peer} 3`),
      ...others.map((peer) => `${peer} 5`),
    ]);
    expect(times.filter(({ who }) => who === evidently.who).map(({ outcome }) => outcome)).toEqual([
      { slow: 'not done after 1 s' },
      { slow: 'not asked: too slow with fewer rows' },
    ]);
  });
});

describe('the table of times', () => {
  const spent = (wallMs: number) => ({ wallMs, cpuMs: 2 * wallMs });
  const engine = {
    rows: 10,
    pinMs: 4000,
    plain: spent(300),
    all: spent(600),
    counted: spent(100),
    classified: spent(200),
    check: spent(100),
    drifted: 0,
  };
  const times = [
    ...ownTimes([engine]),
    { who: evidently.who, rows: 10, outcome: { timing } },
    { who: nannyml.who, rows: 10, outcome: { absent: 'python3 has no module nannyml' } },
    { who: 'slow', rows: 10, outcome: { slow: 'not done after 300 s' } },
    { who: 'broken', rows: 10, outcome: { failed: 'ValueError: bins' } },
    { who: evidently.who, rows: 20, outcome: { timing } },
  ];

  it('has ratios to Tidewatch from raw rows of the same size, and a line for who has no time', () => {
    expect(timeTable(times, 2).rows).toEqual([
      ['Tidewatch, from raw rows', 'this', '10', '4.0', '0.50', '1.0', '1.0', '0'],
      ['Tidewatch, with rules, correlations and classifier', 'this', '10', '4.0', '1.0', '2.0', '2.0', '0'],
      ['Tidewatch, from its minutes', 'this', '10', '4.0', '0.10', '0.20', '0.20', '0'],
      [evidently.who, '1.2', '10', '', '3.0', '6.0', '5.0', '2'],
      [nannyml.who, '', '10', '', 'not installed here: not compared', '', '', ''],
      ['slow', '', '10', '', 'not done after 300 s', '', '', ''],
      ['broken', '', '10', '', 'failed: ValueError: bins', '', '', ''],
      [evidently.who, '1.2', '20', '', '3.0', '', '5.0', '2'],
    ]);
  });

  it('says once why somebody is absent, and gives machines null for no time', () => {
    const twice = [
      ...times,
      { who: nannyml.who, rows: 20, outcome: { absent: 'python3 has no module nannyml' } },
    ];
    expect(absences(twice)).toEqual([`${nannyml.who}: python3 has no module nannyml.`]);
    expect(timeNumbers(times)).toMatchObject({
      'judged_seconds: Tidewatch, from raw rows, 10 rows': 0.5,
      'judged_seconds: slow, 10 rows': null,
    });
  });
});

describe('the rows everyone is given', () => {
  const values = ({ path }: { readonly path: string }) => {
    const { buffer, byteOffset, byteLength } = readFileSync(path);
    return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
  };

  it('are doubles row by row: 28 days, then an hour for every size, of the shift asked for', () => {
    expect(values(rows.reference)).toHaveLength(28 * 24 * 2 * 2);
    expect(rows.current.map((hour) => values(hour).length)).toEqual([6, 10]);
    expect(Math.min(...rows.current.flatMap((hour) => [...values(hour)]))).toBeGreaterThan(80);
    expect(Math.max(...values(rows.reference))).toBeLessThan(80);
    expect(rows.current.map(({ from }) => from - rows.reference.from)).toEqual(
      [672, 673].map((h) => h * 3_600_000),
    );
  });

  it('are the same for the same seed', () => {
    const again = writeRows({ hourly: 2, current: [3, 5], features: 2, shift: 100 }, 1);
    const other = writeRows({ hourly: 2, current: [3, 5], features: 2, shift: 100 }, 2);
    expect(values(again.reference)).toEqual(values(rows.reference));
    expect(values(other.reference)).not.toEqual(values(rows.reference));
    again.remove();
    other.remove();
  });
});
