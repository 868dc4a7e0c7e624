import { isObject } from '../domain/json-object.js';

const KINDS = {
  prediction: Buffer.from('"type":"prediction",'),
  label: Buffer.from('"type":"label",'),
} as const;

/**
 * One of Tidewatch's own events as JSON, with the `type` that its fields tell where it has none: one with features or a prediction is a
 * prediction, one with a label a label. Everything else is left as it is, byte for byte.
 */
export function withKind(event: Buffer): Buffer {
  const kind = kindOf(event);
  if (kind === null) return event;
  const after = event.indexOf(0x7b) + 1;
  return Buffer.concat([event.subarray(0, after), KINDS[kind], event.subarray(after)]);
}

function kindOf(event: Buffer): keyof typeof KINDS | null {
  const value = objectOf(event);
  if (!value || 'type' in value || !('prediction_id' in value)) return null;
  if ('features' in value || isObject(value['prediction'])) return 'prediction';
  return 'label' in value ? 'label' : null;
}

function objectOf(event: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(event.toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
