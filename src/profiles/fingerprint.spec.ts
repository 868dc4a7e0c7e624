import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { canonicalJson } from '../ledger/canonical-json.js';
import { fingerprintOf } from './fingerprint.js';
import { EMPTY_PROFILE } from './profile-row.js';

it('G-04: is the digest of the canonical JSON of the whole', async () => {
  const features = {
    b: { kind: 'categorical', categories: ['é', 'a'], tail: [], unseenMass: 1e-7 },
  } as const;
  const rules = [{ name: 'r', check: 'pair_rule', feature: null, statistic: 'r', rule: 'repeats' }] as const;
  const from = new Date(1_772_000_000_000);
  const window = {
    from,
    to: new Date(from.getTime() + 60_000),
    profile: { ...EMPTY_PROFILE, predictions: 3 },
  };
  const content = {
    rules,
    windows: [window, { ...window, from: new Date(0) }],
    features,
    reference: EMPTY_PROFILE,
  };
  const plain = content.windows.map((one) => ({
    ...one,
    from: one.from.toISOString(),
    to: one.to.toISOString(),
  }));
  const whole = createHash('sha256')
    .update(canonicalJson({ ...content, windows: plain }))
    .digest('hex');
  expect(await fingerprintOf(content)).toBe(whole);
  expect(await fingerprintOf({ ...content, windows: [] })).not.toBe(whole);
});
