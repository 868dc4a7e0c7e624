import { createHash, createVerify, type KeyObject } from 'node:crypto';

interface Header {
  readonly name: string;
  /** As it stands in the mail, with its folds. */
  readonly text: string;
}

/**
 * Whether a mail is what the owner of the key signed: RFC 6376 with rsa-sha256 and relaxed canonicalisation of headers and body, as a receiver checks it. Throws where the mail bears no
 * such signature.
 */
export function isSigned(raw: string, key: KeyObject): boolean {
  const end = raw.indexOf('\r\n\r\n');
  const headers = headersOf(raw.slice(0, end));
  const signature = headers.find(({ name }) => name === 'dkim-signature');
  if (!signature) throw new Error('the mail bears no DKIM-Signature');
  const tags = tagsOf(signature.text);
  if (tags.get('a') !== 'rsa-sha256' || tags.get('c') !== 'relaxed/relaxed')
    throw new Error(`not read here: a=${tags.get('a')} c=${tags.get('c')}`);
  const body = createHash('sha256').update(relaxedBody(raw.slice(end + 4))).digest('base64'); // prettier-ignore
  if (body !== tags.get('bh')) return false;
  const signed = [
    ...namedFromBelow(headers, (tags.get('h') ?? '').split(':')).map((header) => `${relaxed(header)}\r\n`),
    relaxed({ ...signature, text: signature.text.replace(/([;\s]b=)[^;]*/u, '$1') }),
  ].join('');
  return createVerify('RSA-SHA256')
    .update(signed)
    .verify(key, tags.get('b') ?? '', 'base64');
}

/** Names of headers that a signature covers. */
export function signedHeaders(raw: string): readonly string[] {
  const found = headersOf(raw.slice(0, raw.indexOf('\r\n\r\n'))).find(
    ({ name }) => name === 'dkim-signature',
  );
  return (tagsOf(found?.text ?? '').get('h') ?? '').toLowerCase().split(':');
}

function headersOf(head: string): readonly Header[] {
  return head.split(/\r\n(?![ \t])/u).map((text) => ({ name: text.slice(0, text.indexOf(':')).trim().toLowerCase(), text })); // prettier-ignore
}

function tagsOf(text: string): ReadonlyMap<string, string> {
  const parts = text.slice(text.indexOf(':') + 1).split(';');
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).replaceAll(/\s/gu, '')])); // prettier-ignore
}

/** Of headers that stand more than once the lowest that is not taken yet; what is named and not there is signed as absent. */
function namedFromBelow(headers: readonly Header[], names: readonly string[]): readonly Header[] {
  const left = headers.toReversed();
  return names.flatMap((name) => {
    const at = left.findIndex((header) => header.name === name.trim().toLowerCase());
    return at < 0 ? [] : left.splice(at, 1);
  });
}

function relaxed({ name, text }: Header): string {
  const value = text.slice(text.indexOf(':') + 1).replaceAll(/\r\n/gu, '').replaceAll(/[ \t]+/gu, ' '); // prettier-ignore
  return `${name}:${value.trim()}`;
}

function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replaceAll(/[ \t]+/gu, ' ').replace(/ $/u, ''));
  while (lines.at(-1) === '') lines.pop();
  return lines.map((line) => `${line}\r\n`).join('');
}
