import type { ForeignMessage } from './message.js';

/** Which schema of the registry: a number (magic 0) or a GUID (magic 1). */
export type SchemaRef = { readonly id: number } | { readonly guid: string };

/** A message taken out of Confluent's wire format. */
export interface Framed {
  readonly ref: SchemaRef;
  /** Bytes after the reference, in the header form the header's; Protobuf keeps its message indexes there. */
  readonly rest: Buffer;
  readonly payload: Buffer;
  /** True when the reference came in a header: `rest` and `payload` are then apart. */
  readonly inHeader: boolean;
}

const SCHEMA_ID_BYTES = 4;
const GUID_BYTES = 16;

/**
 * Magic 0 + 4-byte id, magic 1 + 16-byte GUID, or either in the header `__value_schema_id` (then the value is bare). Null
 * when the message has none of the three.
 */
export function unframe({ headers, value }: ForeignMessage): Framed | null {
  const header = headers.get('__value_schema_id');
  const from = header ?? value;
  const ref = reference(from);
  if (ref === null) return null;
  const rest = from.subarray(1 + ('id' in ref ? SCHEMA_ID_BYTES : GUID_BYTES));
  return { ref, rest, payload: header ? value : rest, inHeader: header !== undefined };
}

/** A reference as text, for caches and messages. */
export function refText(ref: SchemaRef): string {
  return 'id' in ref ? `id ${ref.id}` : `GUID ${ref.guid}`;
}

/**
 * Protobuf's message indexes (zigzag varints: how many, then each; a single 0 means the first message) and what follows
 * them. Null when the bytes end within them.
 */
export function messageIndexes({
  rest,
  payload,
  inHeader,
}: Framed): { path: readonly number[]; body: Buffer } | null {
  if (rest.length === 0 && inHeader) return { path: [0], body: payload };
  let at = 0;
  const next = (): number | null => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = rest[at++];
      if (byte === undefined) return null;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    return null;
  };
  const count = next();
  if (count === null || count < 0 || count > rest.length) return null;
  const path = Array.from({ length: count }, next);
  if (path.some((index) => index === null)) return null;
  return { path: count === 0 ? [0] : (path as number[]), body: inHeader ? payload : rest.subarray(at) };
}

function reference(bytes: Buffer): SchemaRef | null {
  if (bytes[0] === 0 && bytes.length > SCHEMA_ID_BYTES) return { id: bytes.readUInt32BE(1) };
  if (bytes[0] !== 1 || bytes.length < 1 + GUID_BYTES) return null;
  const hex = bytes.subarray(1, 1 + GUID_BYTES).toString('hex');
  return { guid: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5') };
}
