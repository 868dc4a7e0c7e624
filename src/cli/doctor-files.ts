import { accessSync, constants, existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { optionalFile, yamlFiles } from '../config/files.js';
import type { Channels } from '../notify/destination.js';
import { parseChannels } from '../notify/parse-channels.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import { loadPolicies } from '../policies/load.js';
import { parseModelFile } from '../registry/model-file.js';
import { parseRetraining } from '../retraining/parse-retraining.js';
import { fail, looking, ok, warn, type Finding } from './finding.js';

const LEAST_NODE = [20, 19] as const;
const LEAST_FREE_BYTES = 2 * 2 ** 30;
const lookup = (name: string) => process.env[name];

/** The Node.js that runs this. */
export function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const least = LEAST_NODE.join('.');
  if (enough) return ok('node', `version ${process.versions.node}`);
  return fail('node', `version ${process.versions.node}`, `install Node.js ${least} or newer`);
}

/** Everything that is read from files: data folder, models, policies, channels, retraining. */
export async function settingsFindings(config: Config): Promise<readonly Finding[]> {
  const loaded: { policies: readonly CompiledPolicy[]; channels: Channels | null } = {
    policies: [],
    channels: null,
  };
  return [
    await dataFolder(config),
    await looking('models', 'correct the files; tidewatch model check shows them one by one', () =>
      models(config),
    ),
    await looking('policies', 'correct the files; tidewatch policy check shows them one by one', () => {
      loaded.policies = loadPolicies(yamlFiles(config.TIDEWATCH_POLICIES_DIR)).policies;
      return policies(config, loaded.policies);
    }),
    await looking('channels', `correct ${config.TIDEWATCH_CHANNELS_FILE}`, () => {
      const text = optionalFile(config.TIDEWATCH_CHANNELS_FILE);
      loaded.channels = text === null ? null : parseChannels(text, lookup);
      return channels(config, loaded.channels, loaded.policies);
    }),
    await looking('retraining', `correct ${config.TIDEWATCH_RETRAINING_FILE}`, () => retraining(config)),
  ];
}

async function dataFolder({ TIDEWATCH_DATA_DIR: folder }: Config): Promise<Finding> {
  return looking(
    'data folder',
    `make ${folder} writable for this user, or name another with TIDEWATCH_DATA_DIR`,
    async () => {
      // A folder that is not there is made at the first start, so what counts is the nearest that is.
      let there = resolve(folder);
      while (!existsSync(there)) there = dirname(there);
      accessSync(there, constants.W_OK | constants.X_OK);
      const { bavail, bsize } = await statfs(there);
      const free = `${((bavail * bsize) / 2 ** 30).toFixed(1)} GiB free`;
      if (bavail * bsize < LEAST_FREE_BYTES)
        return warn(
          'data folder',
          `${folder}: ${free}`,
          'free some space: merges need room for a copy of what they merge',
        );
      return ok(
        'data folder',
        `${folder}: writable, ${free}${there === resolve(folder) ? '' : ', made at the first start'}`,
      );
    },
  );
}

function models({ TIDEWATCH_MODELS_DIR: folder }: Config): Finding {
  const files = yamlFiles(folder);
  const keys = files.map(({ name, text }) => parseModelFile(name, text).key);
  if (files.length > 0) return ok('models', `${keys.join(', ')} (${folder})`);
  return warn(
    'models',
    `no files in ${folder}`,
    'add models/<key>.yaml, or register models with tidewatch model register',
  );
}

function policies({ TIDEWATCH_POLICIES_DIR: folder }: Config, found: readonly CompiledPolicy[]): Finding {
  const names = found.map(({ id, version }) => `${id}@${version}`).join(', ');
  if (found.length > 0) return ok('policies', `${names} (${folder}), own tests passed`);
  return warn(
    'policies',
    `no files in ${folder}`,
    'without policies nothing becomes an incident: set TIDEWATCH_POLICIES_DIR',
  );
}

/** Channels that cannot speak, and names in policies that mean nobody, show only when somebody should have been told. */
function channels(config: Config, found: Channels | null, inForce: readonly CompiledPolicy[]): Finding {
  const known = Object.keys(found ?? { default: [] });
  const named = inForce.flatMap(({ rules }) =>
    rules.flatMap((rule) => [...rule.channels, ...rule.levels.flatMap((level) => level.channels)]),
  );
  const unknown = [...new Set(named)].filter((name) => !known.includes(name));
  if (unknown.length > 0)
    return warn(
      'channels',
      `policies name ${unknown.join(', ')}, which is nobody`,
      `add them to ${config.TIDEWATCH_CHANNELS_FILE}`,
    );
  if (found === null)
    return warn(
      'channels',
      `no ${config.TIDEWATCH_CHANNELS_FILE}: all is said on the console only`,
      'write one, so that people hear of incidents',
    );
  const kinds = new Set(Object.values(found).flatMap((all) => all.map(({ kind }) => kind)));
  const silent = [
    ...(kinds.has('slack') && config.SLACK_BOT_TOKEN === undefined ? ['slack needs SLACK_BOT_TOKEN'] : []),
    ...(kinds.has('email') && config.SMTP_URL === undefined ? ['email needs SMTP_URL'] : []),
  ];
  if (silent.length > 0) return fail('channels', silent.join('; '), 'set it, or remove these destinations');
  return ok('channels', `${known.join(', ')} (${config.TIDEWATCH_CHANNELS_FILE})`);
}

function retraining({ TIDEWATCH_RETRAINING_FILE: file }: Config): Finding {
  const text = optionalFile(file);
  if (text === null) return ok('retraining', `no ${file}: nothing is retrained`);
  parseRetraining(text, lookup);
  return ok('retraining', `${file} can be read`);
}
