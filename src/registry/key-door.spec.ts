import { beforeEach, describe, expect, it } from 'vitest';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { KeyDoor, TooManyWrongKeys } from './key-door.js';
import type { Principal } from './principal.js';

const KEY = { type: 'key', may: ['read'], models: null, environments: null, ownsAs: [] } as const;
const ADA: Principal = { ...KEY, id: 'ada', name: 'ada' };
const BOB: Principal = { ...KEY, id: 'bob', name: 'bob' };
const authenticate = (token: string) => ({ ada: ADA, bob: BOB })[token] ?? null;

let now: number;
let metrics: Metrics;
let door: KeyDoor;

beforeEach(() => {
  now = Date.parse('2026-11-25T10:00:00Z');
  metrics = new Metrics();
  door = new KeyDoor({ authenticate }, { now: () => new Date(now) }, metrics, Log.silent());
});

const guess = (address: string, times: number) => {
  for (let i = 0; i < times; i++) expect(door.admit(`wrong-${i}`, address)).toBeNull();
};

describe('KeyDoor', () => {
  it('looks at ten wrong keys of an address, then at one every six seconds', () => {
    guess('192.0.2.1', 10);
    expect(() => door.admit('wrong', '192.0.2.1')).toThrow(TooManyWrongKeys);
    now += 6_000;
    guess('192.0.2.1', 1);
    expect(() => door.admit('wrong', '192.0.2.1')).toThrow('try again in 6 s');
  });

  it('does not let a right key through that was guessed after too many wrong ones', () => {
    guess('192.0.2.1', 10);
    expect(() => door.admit('ada', '192.0.2.1')).toThrow(TooManyWrongKeys);
    now += 6_000;
    expect(door.admit('ada', '192.0.2.1')).toBe(ADA);
  });

  it('locks out neither other addresses nor who was let in before from the same one', () => {
    expect(door.admit('bob', '192.0.2.1')).toBe(BOB);
    guess('192.0.2.1', 10);
    expect(door.admit('bob', '192.0.2.1')).toBe(BOB);
    expect(door.admit('ada', '192.0.2.2')).toBe(ADA);
  });

  it('takes a network of IPv6 for one address, and IPv4 in either form for the same', () => {
    guess('2001:db8:1:2::1', 5);
    guess('2001:db8:1:2:ffff::9', 5);
    expect(() => door.admit('wrong', '2001:db8:1:2::3')).toThrow(TooManyWrongKeys);
    guess('::ffff:192.0.2.7', 10);
    expect(() => door.admit('wrong', '192.0.2.7')).toThrow(TooManyWrongKeys);
  });

  it('names in the log an address that somebody can look for, and block', () => {
    const logged: unknown[] = [];
    const log = Object.assign(Object.create(Log.silent()) as Log, {
      warn: (message: string, fields: object) => void logged.push({ message, ...fields }),
    });
    const own = new KeyDoor({ authenticate }, { now: () => new Date(now) }, metrics, log);
    own.admit('wrong', '2001:db8:1:2::7');
    own.admit('wrong', '::ffff:192.0.2.7');
    expect(logged).toEqual([
      { message: 'a wrong key', address: '2001:db8:1:2::/64', throttled: false },
      { message: 'a wrong key', address: '192.0.2.7', throttled: false },
    ]);
  });

  it('counts one request once, and counts by outcome', async () => {
    const request = {};
    for (let i = 0; i < 30; i++) expect(door.admit('wrong', '192.0.2.1', request)).toBeNull();
    guess('192.0.2.1', 9);
    expect(() => door.admit('wrong', '192.0.2.1')).toThrow(TooManyWrongKeys);
    const text = await metrics.text();
    expect(text).toContain('tidewatch_wrong_keys_total{outcome="refused"} 10');
    expect(text).toContain('tidewatch_wrong_keys_total{outcome="throttled"} 1');
  });
});
