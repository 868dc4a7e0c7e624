import { z } from 'zod';
import type { Actor, Json, NewEntry } from '../domain/ledger-entry.js';
import { VersionRecord } from '../domain/version-record.js';
import { RegistryError } from './registry-error.js';

/** A record with who gave it. */
export interface GivenRecord {
  readonly record: VersionRecord;
  readonly at: Date;
  readonly by: string;
}

/** A record from a request or a file. Throws RegistryError that names every field at fault. */
export function readVersionRecord(content: unknown): VersionRecord {
  const parsed = VersionRecord.safeParse(content);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(problemText);
  throw new RegistryError('bad_version_record', 'record', problems.join('; '));
}

function problemText(issue: z.core.$ZodIssue): string {
  const place = ['record', ...issue.path].map(String).join('.');
  return `${place}: ${issue.message}`;
}

/**
 * Says where a version comes from. Fields that are named replace what was said before, the others stay; the same again is no entry, and
 * what was said before remains in the ledger.
 */
export function described(
  {
    model,
    version,
    before,
  }: { readonly model: string; readonly version: string; readonly before: GivenRecord | null },
  record: VersionRecord,
  actor: Actor,
  at: Date,
): NewEntry[] {
  const merged = { ...before?.record, ...record };
  if (JSON.stringify(merged) === JSON.stringify(before?.record ?? {})) return [];
  const data = { model, version, record: JSON.parse(JSON.stringify(merged)) as Json };
  const subject = { type: 'model_version', id: `${model}@${version}` };
  return [{ action: 'model_version.described', actor, at, subject, data }];
}
