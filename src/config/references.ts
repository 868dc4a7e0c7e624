const REFERENCE = /\$\{([A-Z][A-Z0-9_]*)\}/g;

/**
 * A parsed document with every `${NAME}` in its texts replaced by what `lookup` gives, so that files hold no secrets. Names that `lookup` does
 * not know are left as they are and listed in `missing`, each once.
 */
export function resolveReferences(
  document: unknown,
  lookup: (name: string) => string | undefined,
): { readonly value: unknown; readonly missing: readonly string[] } {
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

/** Whether the text at a path of a resolved document still holds a `${NAME}`: what else is wrong with it nobody can know. */
export function isUnresolved(document: unknown, path: readonly PropertyKey[]): boolean {
  let at: unknown = document;
  for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
  return typeof at === 'string' && at.search(REFERENCE) >= 0;
}
