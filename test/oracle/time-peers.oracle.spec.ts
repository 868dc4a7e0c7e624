import { afterAll, describe, expect, it } from 'vitest';
import { writeRows } from '../bench/detection/compared-rows.js';
import { timePeer, TIMED_PEERS } from '../bench/detection/time-peer.js';
import { interpreters } from '../support/python.js';

/** A hundred standard deviations: who sees none of it has judged other rows. */
const rows = writeRows({ hourly: 100, current: [300], features: 3, shift: 100 }, 20_240_608);
afterAll(() => rows.remove());

describe('the benchmark in time asks each peer about the rows it was given', () => {
  const options = { pythons: interpreters(), timeoutMs: 50_000 };
  for (const peer of TIMED_PEERS)
    it(peer.who, (context) => {
      const [hour] = rows.current;
      const outcome = hour ? timePeer(peer, rows, hour, options) : { failed: 'no hour' };
      if ('absent' in outcome) return context.skip(`not compared: ${outcome.absent}`);
      expect(outcome).toMatchObject({ timing: { drifted: peer.peer === 'scouter' ? null : 3 } });
    });
});
