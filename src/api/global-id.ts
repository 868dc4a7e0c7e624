const TYPES = ['Model', 'AuditEvent'] as const;
/** Types whose own names are not unique across all types. */
export type NamedType = (typeof TYPES)[number];

/** An opaque id, unique across all types, of something that is known by a name or a number of its own. */
export function globalId(type: NamedType, name: string | number): string {
  return Buffer.from(`${type}:${name}`).toString('base64url');
}

/** What an id of `globalId` names; null for any other text. */
export function namedBy(id: string): { readonly type: NamedType; readonly name: string } | null {
  const text = Buffer.from(id, 'base64url').toString('utf8');
  const type = TYPES.find((one) => text.startsWith(`${one}:`));
  if (!type) return null;
  const name = text.slice(type.length + 1);
  return globalId(type, name) === id ? { type, name } : null;
}
