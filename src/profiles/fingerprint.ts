import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { WholeBaseline } from '../domain/baseline.js';
import { canonicalJson } from '../ledger/canonical-json.js';

type Whole = Pick<WholeBaseline, 'features' | 'rules' | 'reference' | 'windows'>;
/** As it was frozen; those of before there were rules have none. */
type Held = Omit<Whole, 'rules'> & { readonly rules?: Whole['rules'] | undefined };

/**
 * The canonical JSON of what is held against windows. It is written piece by piece, in the order that RFC 8785 gives the names, and others
 * have their turn in between: in one piece, hundreds of features would hold the thread for a second.
 */
export async function* canonicalBaseline({
  features,
  reference,
  rules,
  windows,
}: Held): AsyncGenerator<string> {
  for (const [name, part] of Object.entries({ features, reference, rules })) {
    if (part === undefined) continue;
    yield `${name === 'features' ? '{' : ','}"${name}":${canonicalJson(part)}`;
    await turn();
  }
  yield ',"windows":[';
  for (const [i, { from, to, ...window }] of windows.entries()) {
    const plain = { ...window, from: from.toISOString(), to: to.toISOString() };
    yield `${i === 0 ? '' : ','}${canonicalJson(plain)}`;
    await turn();
  }
  yield ']}';
}

/** SHA-256 of the canonical JSON of what is held against windows. */
export async function fingerprintOf(held: Held): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of canonicalBaseline(held)) hash.update(piece);
  return hash.digest('hex');
}
