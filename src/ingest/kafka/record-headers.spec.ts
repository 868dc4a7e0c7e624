import type { IHeaders } from 'kafkajs';
import { expect, it } from 'vitest';
import { recordHeaders } from './record-headers.js';

/** As kafkajs gives them, whose types leave out that Kafka allows a header without a value. */
const given = (headers: Readonly<Record<string, unknown>>) => headers as IHeaders;

it('reads names in lower case and the last value of each', () => {
  const found = recordHeaders(given({ Ce_Id: Buffer.from('x'), twice: ['a', Buffer.from('b')] }));
  expect([...(found ?? [])].map(([name, value]) => [name, String(value)])).toEqual([
    ['ce_id', 'x'],
    ['twice', 'b'],
  ]);
});

it('takes a header without a value for absent, whatever stands beside it', () => {
  expect(recordHeaders(given({ 'x-tenant': null }))).toBeUndefined();
  expect(recordHeaders(given({ 'x-tenant': [Buffer.from('a'), null] }))).toBeUndefined();
  expect([...(recordHeaders(given({ 'x-tenant': null, id: Buffer.from('1') }))?.keys() ?? [])]).toEqual([
    'id',
  ]);
  expect(recordHeaders(undefined)).toBeUndefined();
});
