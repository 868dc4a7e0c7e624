import type { Json } from './ledger-entry.js';

export type JsonObject = { readonly [key: string]: Json };

/** Whether a value that was read is an object with names, and no list. */
export function isObject(value: Json | undefined): value is JsonObject;
export function isObject(value: unknown): value is Readonly<Record<string, unknown>>;
export function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that was read; '' of anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
