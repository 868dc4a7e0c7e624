import { createHmac, createPrivateKey, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Makes and knows the codes by which entries are told from those of others. */
export interface EntrySeal {
  /** The code of an entry with this leaf hash, 64 hexadecimal digits. */
  codeOf(leaf: Buffer): string;
  /** Whether a code is the one of this leaf; compared in constant time. */
  isOurs(leaf: Buffer, code: string): boolean;
}

const CONTEXT = 'tidewatch ledger: codes of entries';
const BYTES = 32;

/**
 * HMAC-SHA256 over leaf hashes (RFC 2104), keyed by HKDF (RFC 5869) from the private key that checkpoints are signed with: whoever can write
 * the database, and has not that key, can make no entry that is taken for one of this service. A leaf hash covers the entry's place.
 */
export function entrySeal(privateKey: string): EntrySeal {
  return sealOf(privateKey, CONTEXT);
}

/** The same over whatever bytes, with a key for each `context`: a code made for one is none for another. */
export function sealOf(privateKey: string, context: string): EntrySeal {
  const { d } = createPrivateKey(privateKey).export({ format: 'jwk' });
  if (typeof d !== 'string') throw new TypeError('the ledger key has no private part');
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(d, 'base64url'), '', context, BYTES));
  const code = (leaf: Buffer) => createHmac('sha256', key).update(leaf).digest();
  return {
    codeOf: (leaf) => code(leaf).toString('hex'),
    isOurs(leaf, text) {
      const given = Buffer.from(text, 'hex');
      return given.length === BYTES && timingSafeEqual(given, code(leaf));
    },
  };
}
