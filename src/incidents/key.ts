import { createHash } from 'node:crypto';
import type { Signal } from '../domain/incident.js';
import { canonicalJson } from '../ledger/canonical-json.js';

/**
 * The name of a problem: what it is about, never how bad it is. `v1:` names the recipe, so that a better one need not re-open everything.
 */
export function incidentKey(signal: Signal): string {
  return `v1:${digest([signal.model, signal.version, signal.check, signal.segment, signal.feature])}`;
}

/** The name of one episode of a problem: its key and the end of the window that opened it. The same decision twice gives the same name. */
export function incidentId(key: string, windowTo: Date): string {
  return `inc_${digest([key, windowTo.toISOString()]).slice(0, 26)}`;
}

/** The name of a case that an incident opens. */
export function caseIdOf(incident: string): string {
  return `case_${digest(['case', incident]).slice(0, 26)}`;
}

function digest(content: readonly (string | null)[]): string {
  return base32(createHash('sha256').update(canonicalJson(content)).digest());
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** RFC 4648 base 32, lower case, without padding: safe in URLs, file names and spoken aloud. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let buffer = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(buffer >> (bits - 5)) & 31] ?? '';
    buffer &= (1 << bits) - 1;
  }
  return bits > 0 ? text + (ALPHABET[(buffer << (5 - bits)) & 31] ?? '') : text;
}
