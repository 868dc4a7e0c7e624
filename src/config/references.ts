import type { z } from 'zod';
import { issueTexts } from './issue-texts.js';

const REFERENCE = /\$\{([A-Z][A-Z0-9_]*)\}/g;

/** A document in which references were replaced. */
export interface Resolved {
  readonly value: unknown;
  /** Names that nothing gives, each once. */
  readonly missing: readonly string[];
}

/**
 * A parsed document with every `${NAME}` in its texts replaced by what `lookup` gives, so that files hold no secrets. Names that `lookup` does
 * not know are left as they are and listed in `missing`, each once.
 */
export function resolveReferences(document: unknown, lookup: (name: string) => string | undefined): Resolved {
  const missing = new Set<string>();
  const resolve = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.replaceAll(REFERENCE, (whole, name: string) => lookup(name) ?? note(whole, name));
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  };
  const note = (whole: string, name: string): string => {
    missing.add(name);
    return whole;
  };
  return { value: resolve(document), missing: [...missing] };
}

/** What is wrong with a resolved document, a line each: names that are not set, and of what its schema found all that does not come of them. */
export function resolvedProblems(
  { value, missing }: Resolved,
  error: z.ZodError | undefined,
): readonly string[] {
  const issues = (error?.issues ?? []).filter(({ path }) => !isUnresolved(value, path));
  return [...missing.map((name) => `${name} is not set, but the file refers to it`), ...issueTexts(issues)];
}

/** Whether the text at a path of a resolved document still holds a `${NAME}`: what else is wrong with it nobody can know. */
function isUnresolved(document: unknown, path: readonly PropertyKey[]): boolean {
  let at: unknown = document;
  for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
  return typeof at === 'string' && at.search(REFERENCE) >= 0;
}
