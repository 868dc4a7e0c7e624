import { durationText } from '../domain/duration.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import { RETRAINING_SUBJECT, type Retraining } from './retraining.js';

/** That the version a run made has sent no row in the time it was given, as an entry; `[]` where it has, retired, or has time left. Pure. */
export function unusedVersion(
  run: Retraining,
  version: { readonly stage: string; readonly firstSeenAt: Date | null } | undefined,
  within: number,
  now: Date,
): readonly NewEntry[] {
  const { id, model, newVersion, finishedAt } = run;
  if (newVersion === null || finishedAt === null || now.getTime() - finishedAt.getTime() <= within) return [];
  if (version && (version.firstSeenAt !== null || version.stage === 'retired')) return [];
  const reason = `version ${newVersion} has sent no row in ${durationText(within)}: let it answer in shadow, retire it, or say which name it serves under`;
  const data = { model, version: newVersion, reason };
  return [
    {
      action: 'retraining.unused',
      actor: SYSTEM,
      at: now,
      subject: { type: RETRAINING_SUBJECT, id },
      data,
    },
  ];
}
