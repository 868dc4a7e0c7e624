import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Baseline } from '../domain/baseline.js';
import { canonicalJson } from '../ledger/canonical-json.js';

type Held = Pick<Baseline, 'features' | 'rules' | 'reference' | 'windows'>;

/**
 * SHA-256 of the canonical JSON of what is held against windows. It is written piece by piece, in the order that RFC 8785 gives the names, and others
 * have their turn in between: in one piece, hundreds of features would hold the thread for a second.
 */
export async function fingerprintOf({ features, reference, rules, windows }: Held): Promise<string> {
  const hash = createHash('sha256');
  for (const [name, part] of Object.entries({ features, reference, rules })) {
    hash.update(`${name === 'features' ? '{' : ','}"${name}":${canonicalJson(part)}`);
    await turn();
  }
  hash.update(',"windows":[');
  for (const [i, { from, to, ...window }] of windows.entries()) {
    const plain = { ...window, from: from.toISOString(), to: to.toISOString() };
    hash.update(`${i === 0 ? '' : ','}${canonicalJson(plain)}`);
    await turn();
  }
  return hash.update(']}').digest('hex');
}
