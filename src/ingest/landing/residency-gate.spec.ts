import { expect, it } from 'vitest';
import type { RawEvent } from '../../domain/event.js';
import { ResidencyGate } from './residency-gate.js';

const barred = { model: 'credit', residency: ['EU'] };
const event = (text: string): RawEvent => ({
  kind: 'prediction',
  topic: 't',
  partition: 0,
  offset: 0n,
  receivedAt: 0,
  value: Buffer.from(text),
});

it('G-19: keeps out rows of models whose data may not lie here, however they are written, and counts them', () => {
  const gate = new ResidencyGate({ here: ['US'], barredHere: new Map([['credit', barred]]) });
  const texts = [
    '{"model":"credit","features":{}}',
    '{"model":"rent","tags":{"model":"credit"}}',
    '{"mod\\u0065l":"cr\\u0065dit"}',
    '{"model" : "credit","features":{"income":',
    '{"model":"credit-2"}',
    'nothing of it',
  ];
  const refused = gate.refused(texts.map(event));
  expect(refused.map(({ index }) => index)).toEqual([0, 2, 3]);
  expect(refused[0]).toEqual({
    index: 0,
    model: 'credit',
    code: 'wrong_region',
    keepsBytes: false,
    message:
      'data of credit has to stay in EU, and this service lies in US: send them to a service that lies there',
  });
  expect(gate.waiting()).toEqual([{ barred, rows: 3 }]);
});

it('goes on counting what comes while it is recorded', () => {
  const gate = new ResidencyGate({ here: null, barredHere: new Map([['credit', barred]]) });
  gate.refused([event('{"model":"credit"}')]);
  const [one] = gate.waiting();
  expect(gate.refused([event('{"model":"credit"}')])[0]?.message).toContain('set TIDEWATCH_REGION');
  gate.recorded(one!);
  expect(gate.waiting()).toEqual([{ barred, rows: 1 }]);
  gate.recorded(gate.waiting()[0]!);
  expect(gate.waiting()).toEqual([]);
});
