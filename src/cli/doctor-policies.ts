import type { Config } from '../config/config.js';
import { freshLookup } from '../config/fresh-lookup.js';
import type { ChannelLeads } from '../notify/channel-leads.js';
import { loadPolicies } from '../policies/load.js';
import { unreached } from '../policies/named-channels.js';
import { policyFiles, surveyChannels } from '../read-files.js';
import type { Database } from '../store/database.js';
import { ASK_WITH_KEY, looking, ok, warn, type Diagnosis } from './finding.js';

/** A policy by its number. */
interface Numbered {
  readonly id: string;
  readonly version: number;
}

/** A policy in force. */
export interface InForce extends Numbered {
  /** Channels that it names and that are not there; null where that is not known. */
  readonly unknownChannels: readonly string[] | null;
}

// The newest word on each policy; one that was withdrawn is not in force.
const IN_FORCE = `
  SELECT id, version, content FROM (
    SELECT subject_id AS id, action, JSONExtractUInt(entry, 'data', 'version') AS version, JSONExtractRaw(entry, 'data', 'content') AS content
    FROM ledger
    WHERE subject_type = 'policy' AND action IN ('policy.activated', 'policy.retired')
    ORDER BY seq DESC
    LIMIT 1 BY subject_id)
  WHERE action = 'policy.activated'
  ORDER BY id`;

/** The policies in force, as the ledger of a store has them that no service holds. */
export async function storedPolicies(config: Config, database: Database): Promise<readonly InForce[]> {
  const rows = await database.query<{ id: string; version: string | number; content: string }>(IN_FORCE);
  const { leads } = surveyChannels(config, freshLookup());
  return rows.map(({ id, version, content }) => ({
    id,
    version: Number(version),
    unknownChannels: leads && unknownIn(content, leads),
  }));
}

/** Null for a text that does not load any more, which the service says at its start. */
function unknownIn(text: string, channels: ChannelLeads): readonly string[] | null {
  try {
    return unreached(loadPolicies([{ name: 'policy.yaml', text }]).policies, channels);
  } catch {
    return null;
  }
}

/** Files whose policy is not in force because a newer version of it is; what is wrong with files is found elsewhere. */
export async function policyFindings(
  config: Config,
  inForce: () => Promise<readonly InForce[]>,
): Promise<readonly Diagnosis[]> {
  const files = policyFiles(config).policies;
  let found: readonly InForce[] = [];
  const behind = await looking('policies in force', ASK_WITH_KEY, async () => {
    found = await inForce();
    return behindFinding(files, found);
  });
  return [
    ...(files.length > 0 || behind.state === 'FAIL' ? [behind] : []),
    ...unheardFindings(config, found),
  ];
}

/** Policies in force, adopted ones too, that speak to channels that are not there; none where all are. */
export function unheardFindings(
  { TIDEWATCH_CHANNELS_FILE: file }: Pick<Config, 'TIDEWATCH_CHANNELS_FILE'>,
  inForce: readonly InForce[],
): readonly Diagnosis[] {
  const unheard = inForce.filter(({ unknownChannels }) => (unknownChannels ?? []).length > 0);
  if (unheard.length === 0) return [];
  const texts = unheard.map(
    ({ id, version, unknownChannels }) =>
      `${id}@${version} names ${(unknownChannels ?? []).join(', ')}, which is nobody`,
  );
  const fix = `add it to ${file}, or propose the policy with a name that is there`;
  return [warn('channels of policies in force', texts.join('\n'), fix)];
}

/** Names each file that has a lower version than what is in force under its id. */
export function behindFinding(
  files: readonly (Numbered & { readonly file: string })[],
  inForce: readonly Numbered[],
): Diagnosis {
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
