import { describe, expect, it } from 'vitest';
import { Readiness } from './readiness.js';

describe('Readiness', () => {
  it('tells ready, degraded and not ready apart, and names what is wrong', async () => {
    let [store, kafka]: (string | null)[] = [null, null];
    const readiness = new Readiness();
    readiness.add('store', () => store ?? null);
    readiness.addOptional('kafka', () => kafka ?? null);
    expect(await readiness.report()).toMatchObject({ status: 'unavailable', parts: { process: 'starting' } });
    readiness.started();
    expect(await readiness.report()).toEqual({
      status: 'ok',
      ready: true,
      parts: { process: 'ok', store: 'ok', kafka: 'ok' },
    });
    kafka = 'failed: no broker answers';
    expect(await readiness.report()).toMatchObject({
      status: 'degraded',
      ready: true,
      parts: { kafka: 'failed: no broker answers' },
    });
    store = 'does not answer';
    expect(await readiness.report()).toMatchObject({ status: 'unavailable', ready: false });
    [store, kafka] = [null, null];
    readiness.stopping();
    expect(await readiness.report()).toMatchObject({ ready: false, parts: { process: 'stopping' } });
  });

  it('takes what a check throws for what is wrong', async () => {
    const readiness = new Readiness();
    readiness.started();
    readiness.add('store', () => {
      throw new Error('broken');
    });
    expect(await readiness.report()).toMatchObject({ status: 'unavailable', parts: { store: 'broken' } });
  });
});
