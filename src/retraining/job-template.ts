import type { Json } from '../domain/ledger-entry.js';
import { fieldOf, type LaunchBody } from './launch-request.js';

const PLACE = /\{\{\s*([\w.]+)\s*\}\}/gu;
/** What a leaf of a template may name. */
export const TEMPLATE_NAMES = [
  'retraining_id', 'model', 'model_version', 'cause', 'cause.kind', 'cause.summary', 'requested_at', 'not_before', 'exclude', 'manifest',
  'manifest.url', 'manifest.sha256', 'manifest.rows', 'manifest.files', 'callback', 'callback.url', 'callback.token',
] as const; // prettier-ignore

/**
 * A template with the values of a run: a leaf that is one name becomes the value as it is, names within a text become text. The tree stays
 * what it was, whatever a value holds.
 */
export function fillTemplate(template: Json, values: LaunchBody): Json {
  if (typeof template === 'string') return fillLeaf(template, values);
  if (Array.isArray(template)) return template.map((one: Json) => fillTemplate(one, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [key, fillTemplate(value as Json, values)]),
  );
}

function fillLeaf(text: string, values: LaunchBody): Json {
  const whole = /^\{\{\s*([\w.]+)\s*\}\}$/u.exec(text)?.[1];
  if (whole !== undefined) return valueOf(values, whole);
  return text.replaceAll(PLACE, (_all, name: string) => {
    const value = valueOf(values, name);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function valueOf(values: LaunchBody, name: string): Json {
  return (fieldOf(values, ...name.split('.')) ?? null) as Json;
}

/** Names in a template that nothing stands for. */
export function unknownNames(template: unknown): readonly string[] {
  const known = new Set<string>(TEMPLATE_NAMES);
  const found = [...JSON.stringify(template ?? null).matchAll(PLACE)].map(([, name]) => name ?? '');
  return [...new Set(found)].filter((name) => !known.has(name));
}
