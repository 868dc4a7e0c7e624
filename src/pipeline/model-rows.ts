import { knownStage } from '../domain/known-stage.js';
import { ANSWERING, type ModelStage } from '../domain/model.js';
import type { PassedWindow } from '../domain/passed-windows.js';
import type { VersionRows } from '../profiles/profiles.js';

/** Stages in which a version answers beside another one, on the same requests. */
export const BESIDE: ReadonlySet<ModelStage> = new Set(['shadow', 'challenger']);

/** A version as far as who answers depends on it; where nobody says otherwise, a person chose its stage. */
export interface StagedVersion {
  readonly version: string;
  readonly stage: ModelStage;
  readonly declared?: boolean;
}

/**
 * The rows of a whole model in one window, on the version that speaks for its volume: of those that answer the one with the most rows. Null on
 * the others: a canary of a tenth has lost nothing, and a version that was replaced has not either. Versions in the shadow of another one are
 * no part of it. Of a version that nobody announced it cannot be known whether it shares the requests or repeats them: with it or
 * without, what is nearer to the `usual` rows counts.
 */
export function modelRows(
  own: string,
  versions: readonly StagedVersion[],
  { found, usual }: { readonly found: readonly VersionRows[]; readonly usual: number | null },
): number | null {
  const known = new Map(versions.map((one) => [one.version, one]));
  const stageOf = (version: string) => knownStage(versions, version);
  const isDeclared = (version: string) => known.get(version)?.declared ?? true;
  const isBeside = (version: string) => BESIDE.has(stageOf(version)) && isDeclared(version);
  const present = found.filter(({ version, rows }) => rows > 0 && !isBeside(version));
  const answers = (version: string) => Number(ANSWERING.has(stageOf(version)));
  const speaker = present.toSorted(
    (a, b) => answers(b.version) - answers(a.version) || b.rows - a.rows || (a.version < b.version ? -1 : 1),
  )[0];
  if (isBeside(own)) return null;
  if (!speaker) return 0;
  if (speaker.version !== own) return null;
  const sum = (rows: readonly VersionRows[]) => rows.reduce((total, one) => total + one.rows, 0);
  const all = sum(present);
  const sure = sum(
    present.filter(
      ({ version }) =>
        version === own || (answers(version) === 1 && (isDeclared(version) || stageOf(version) === 'canary')),
    ),
  );
  return usual === null || distance(all, usual) <= distance(sure, usual) ? all : sure;
}

function distance(rows: number, usual: number): number {
  return Math.abs(Math.sqrt(rows) - Math.sqrt(usual));
}

const DAY = 86_400_000;

/** Rows that the reference had at this time of the day (of the week, for windows of a day): their median; null where it had none. */
export function usualRows(windows: readonly PassedWindow[], start: number, widthMs: number): number | null {
  const period = widthMs < DAY ? DAY : 7 * DAY;
  const rows = windows
    .filter(({ from }) => (from.getTime() - start) % period === 0)
    .map(({ profile }) => profile.predictions)
    .toSorted((a, b) => a - b);
  return rows[Math.floor(rows.length / 2)] ?? null;
}
