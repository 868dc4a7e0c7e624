import type { Config } from '../config/config.js';
import { readPolicies } from '../read-files.js';
import type { Database } from '../store/database.js';
import { looking, ok, warn, type Finding } from './finding.js';

/** A policy by its number. */
export interface Numbered {
  readonly id: string;
  readonly version: number;
}

// The newest word on each policy; one that was withdrawn is not in force.
const IN_FORCE = `
  SELECT id, version FROM (
    SELECT subject_id AS id, action, JSONExtractUInt(entry, 'data', 'version') AS version
    FROM ledger
    WHERE subject_type = 'policy' AND action IN ('policy.activated', 'policy.retired')
    ORDER BY seq DESC
    LIMIT 1 BY subject_id)
  WHERE action = 'policy.activated'
  ORDER BY id`;

/** The policies in force, as the ledger of a store has them that no service holds. */
export async function storedPolicies(database: Database): Promise<readonly Numbered[]> {
  const rows = await database.query<{ id: string; version: string | number }>(IN_FORCE);
  return rows.map(({ id, version }) => ({ id, version: Number(version) }));
}

/** Files whose policy is not in force because a newer version of it is; `[]` where the files cannot be read, which is found elsewhere. */
export async function policyFindings(
  config: Config,
  inForce: () => Promise<readonly Numbered[]>,
): Promise<readonly Finding[]> {
  const files = filesOf(config);
  if (files.length === 0) return [];
  const fix = 'set TIDEWATCH_ADMIN_KEY or pass --key';
  return [await looking('policies in force', fix, async () => behindFinding(files, await inForce()))];
}

function filesOf(config: Config): ReturnType<typeof readPolicies> {
  try {
    return readPolicies(config);
  } catch {
    return [];
  }
}

/** Names each file that has a lower version than what is in force under its id. */
export function behindFinding(
  files: readonly (Numbered & { readonly file: string })[],
  inForce: readonly Numbered[],
): Finding {
  const behind = files.flatMap(({ id, version, file }) => {
    const newer = inForce.find((one) => one.id === id && one.version > version);
    return newer
      ? [{ id, text: `${file}: version ${version} of ${id} is not in force: version ${newer.version} is` }]
      : [];
  });
  if (behind.length === 0) return ok('policies in force', 'no file is behind them');
  const shows = behind.map(({ id }) => `tidewatch policy show ${id}`).join(', ');
  const texts = behind.map(({ text }) => text).join('\n');
  return warn(
    'policies in force',
    texts,
    `put the text in force in the file (${shows}), or give the file a higher version`,
  );
}
