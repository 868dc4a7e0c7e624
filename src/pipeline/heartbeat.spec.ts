import { afterEach, expect, it, vi } from 'vitest';
import { Log } from '../telemetry/log.js';
import { Metrics } from '../telemetry/metrics.js';
import { Heartbeat, type Beat } from './heartbeat.js';

afterEach(() => void vi.useRealTimers());

it('says how far a beat is behind while its round does not end, and what is said of the others does not change', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  let done: () => void = () => undefined;
  const rest = (name: string): Beat => ({ name, run: async () => Promise.resolve() });
  const long = { name: 'judge', run: async () => new Promise<void>((resolve) => (done = resolve)) };
  const others = {
    follow: rest('follow'),
    pin: rest('pin'),
    deliver: rest('deliver'),
    keepHouse: rest('keep house'),
    check: rest('check'),
  };
  const beats = { ...others, judge: long };
  const clock = { now: () => new Date() };
  const heartbeat = new Heartbeat(beats, { clock, log: Log.silent(), metrics: new Metrics() });
  const round = heartbeat.judge();
  vi.advanceTimersByTime(29_000);
  expect(heartbeat.lag('judge')).toBeNull();
  vi.advanceTimersByTime(16_000);
  expect(heartbeat.lag('judge')).toBe('is 45 s behind');
  expect(heartbeat.lag('deliver')).toBeNull();
  done();
  await round;
  expect(heartbeat.lag('judge')).toBeNull();
});
