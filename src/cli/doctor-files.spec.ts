import { expect, it } from 'vitest';
import { ledgerKeyFinding } from './doctor-files.js';

const place = { folder: 'data', isServer: true, given: null, kept: null };

it('says where the key of the ledger lies, and warns where that is beside the data of a server', () => {
  expect(ledgerKeyFinding({ ...place, kept: 'pem' })).toMatchObject({
    state: 'warn',
    detail: expect.stringContaining('data/ledger-key.pem lies beside the data') as string,
    fix: expect.stringContaining('TIDEWATCH_LEDGER_KEY_COMMAND') as string,
  });
  expect(ledgerKeyFinding(place)).toMatchObject({ state: 'warn' });
  expect(ledgerKeyFinding({ ...place, given: 'pem', kept: 'pem\n' })).toMatchObject({ state: 'warn' });
  expect(ledgerKeyFinding({ ...place, given: 'pem', kept: 'old' })).toMatchObject({ state: 'ok' });
  expect(ledgerKeyFinding({ ...place, isServer: false, kept: 'pem' })).toMatchObject({
    state: 'ok',
    detail: expect.stringContaining('lies beside the data') as string,
  });
});
