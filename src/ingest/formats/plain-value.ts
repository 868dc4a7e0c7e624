import { isRecord } from './message.js';

const VALUE_FIELDS = ['numberValue', 'stringValue', 'boolValue', 'nullValue', 'structValue', 'listValue'];

/**
 * What a schema's decoder gave → plain JSON: 64-bit integers as numbers where that is exact, else as text; bytes as Base64;
 * Avro's wrapped unions and protobuf's Value, Struct and Timestamp as what they stand for. NaN stays, for rows to judge.
 */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return exact(value);
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isRecord(value)) return value;
  if (isLong(value)) return exact(BigInt(value.toString()));
  if (isWrapped(value)) return plainValue(value.unwrap());
  const keys = Object.keys(value);
  const [key] = keys;
  if (keys.length === 1 && key !== undefined && VALUE_FIELDS.includes(key))
    return key === 'nullValue' ? null : plainValue(value[key]);
  if (keys.length === 1 && key === 'fields' && isRecord(value[key])) return plainValue(value[key]);
  if (keys.length === 2 && 'seconds' in value && 'nanos' in value)
    return timestamp(value['seconds'], value['nanos']);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plainValue(each)]));
}

function exact(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function timestamp(seconds: unknown, nanos: unknown): number {
  return Number(plainValue(seconds)) * 1000 + Math.floor(Number(nanos) / 1e6);
}

/** protobufjs' 64-bit integers: their text is all that is needed of them. */
function isLong(value: object): value is { toString(): string; readonly low: number } {
  return 'low' in value && 'high' in value && 'unsigned' in value;
}

function isWrapped(value: object): value is { unwrap(): unknown } {
  return 'unwrap' in value && typeof value.unwrap === 'function';
}
