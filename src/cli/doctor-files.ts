import { accessSync, constants, existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { freshLookup } from '../config/fresh-lookup.js';
import type { Model } from '../domain/model.js';
import { givenKey, keyInFolder } from '../ledger/ledger-key.js';
import type { Channels } from '../notify/destination.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import {
  absentReferences,
  muteDestinations,
  nobody,
  readChannelFile,
  readGuards,
  readModels,
  readPolicies,
  strangers,
  unevenWindows,
} from '../read-files.js';
import { keepTermsOf } from '../limits-from.js';
import { residencyRemarks } from '../pipeline/barred-places.js';
import { neverArmed } from '../pipeline/never-armed.js';
import { retentionRemarks } from '../pipeline/retention-report.js';
import { fail, looking, ok, retentionFinding, warn, type Diagnosis } from './finding.js';

const LEAST_NODE = [20, 19] as const;
const LEAST_FREE_BYTES = 2 * 2 ** 30;
const lookup = freshLookup();

/** The Node.js that runs this. */
export function nodeVersion(): Diagnosis {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const least = LEAST_NODE.join('.');
  if (enough) return ok('node', `version ${process.versions.node}`);
  return fail('node', `version ${process.versions.node}`, `install Node.js ${least} or newer`);
}

/** Everything that is read from files: data folder, models, policies, channels, retraining. */
export async function settingsFindings(config: Config): Promise<readonly Diagnosis[]> {
  const loaded: Loaded = { models: [], policies: [], channels: null };
  return [
    await dataFolder(config),
    await ledgerKeyPlace(config),
    await looking('models', 'correct the files; tidewatch model check shows them one by one', () => {
      loaded.models = readModels(config);
      return models(config, loaded.models);
    }),
    await looking('retention', 'correct keep: in the model files, or the TIDEWATCH_KEEP_… settings', () => {
      const { models: keep, floors } = keepTermsOf(config);
      return retentionFinding(retentionRemarks({ models: loaded.models, holds: [], keep, floors }));
    }),
    await looking('policies', 'correct the files; tidewatch policy check shows them one by one', () => {
      loaded.policies = readPolicies(config);
      return policies(config, loaded.policies);
    }),
    await looking('channels', `correct ${config.TIDEWATCH_CHANNELS_FILE}`, () => {
      const said = readChannelFile(config, lookup);
      loaded.channels = said.text === '' ? null : said.channels;
      return channels(config, loaded);
    }),
    await looking('retraining', `correct ${config.TIDEWATCH_RETRAINING_FILE}`, () =>
      retraining(config, loaded.models),
    ),
    await looking('residency', 'correct the files', () => residency(config, loaded)),
  ];
}

interface Loaded {
  models: readonly Model[];
  policies: readonly CompiledPolicy[];
  channels: Channels | null;
}

async function dataFolder({ TIDEWATCH_DATA_DIR: folder }: Config): Promise<Diagnosis> {
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

/** Whoever has the key of the ledger can write entries that the service believes, so it should not lie where the data does. */
async function ledgerKeyPlace(config: Config): Promise<Diagnosis> {
  return looking('ledger key', 'correct TIDEWATCH_LEDGER_KEY or TIDEWATCH_LEDGER_KEY_COMMAND', async () => {
    const folder = config.TIDEWATCH_DATA_DIR;
    const [given, kept] = [await givenKey(config), await keyInFolder(folder)];
    return ledgerKeyFinding({ folder, isServer: config.CLICKHOUSE_URL !== undefined, given, kept });
  });
}

/** Where the key of the ledger is from: `given` by the environment or a command, `kept` in the data folder; null where it is not there. */
export function ledgerKeyFinding({ folder, isServer, given, kept }: KeyPlace): Diagnosis {
  const path = join(folder, 'ledger-key.pem');
  const elsewhere = 'keep it elsewhere: TIDEWATCH_LEDGER_KEY, or TIDEWATCH_LEDGER_KEY_COMMAND for a vault (docs/operations.md)';
  if (given !== null && given.trim() === kept?.trim())
    return warn('ledger key', `the key that is given lies in ${path} too, beside the data`, `delete ${path}, and keep the key where it is given from`);
  if (given !== null) return ok('ledger key', 'given by the environment or a command, not by the data folder');
  const beside = `${path} lies beside the data: whoever can write there can sign for entries of their own`;
  if (isServer) return warn('ledger key', kept === null ? `none is given: at the first start one is made in ${path}, beside the data` : beside, elsewhere);
  return ok('ledger key', kept === null ? `made in ${path} at the first start` : `${beside}; to ${elsewhere}`);
} // prettier-ignore

interface KeyPlace {
  readonly folder: string;
  /** The data is on a server that others may write. */
  readonly isServer: boolean;
  readonly given: string | null;
  readonly kept: string | null;
}

function models({ TIDEWATCH_MODELS_DIR: folder }: Config, found: readonly Model[]): Diagnosis {
  const absent = absentReferences(found, folder);
  if (absent.length > 0)
    return warn('models', absent.join('\n'), 'put the file there, or correct baseline.file');
  const uneven = unevenWindows(found);
  if (uneven.length > 0) return warn('models', uneven.join('\n'), 'choose a window that divides a day');
  const short = neverArmed(found);
  if (short.length > 0) return warn('models', short.join('\n'), 'give the reference as many windows');
  if (found.length > 0) return ok('models', `${found.map(({ key }) => key).join(', ')} (${folder})`);
  return warn(
    'models',
    `no files in ${folder}`,
    'add models/<key>.yaml, or register models with tidewatch model register',
  );
}

function policies({ TIDEWATCH_POLICIES_DIR: folder }: Config, found: readonly CompiledPolicy[]): Diagnosis {
  const names = found.map(({ id, version }) => `${id}@${version}`).join(', ');
  if (found.length > 0) return ok('policies', `${names} (${folder}), own tests passed`);
  return warn(
    'policies',
    `no files in ${folder}`,
    'without policies nothing becomes an incident: set TIDEWATCH_POLICIES_DIR',
  );
}

/** Channels that cannot speak, and names in policies that mean nobody, show only when somebody should have been told. */
function channels(config: Config, { channels: found, policies: inForce }: Loaded): Diagnosis {
  const known = found ?? { default: [] };
  const [unknown] = nobody(config, inForce, known);
  if (unknown !== undefined)
    return warn('channels', unknown, 'or correct the name in the policy; tidewatch policy check shows where');
  if (found === null)
    return warn(
      'channels',
      `no ${config.TIDEWATCH_CHANNELS_FILE}: all is said on the console only`,
      'write one, so that people hear of incidents',
    );
  const silent = muteDestinations(config, found);
  if (silent.length > 0) return fail('channels', silent.join('\n'), 'set it, or remove these destinations');
  return ok('channels', `${Object.keys(found).join(', ')} (${config.TIDEWATCH_CHANNELS_FILE})`);
}

/** Data that has to stay where this service, a destination or a target does not lie; each is said by name. */
function residency(config: Config, { models: found, channels: known }: Loaded): Diagnosis {
  const channels = known ?? { default: [{ kind: 'console' as const }] };
  const places = { channels, guards: readGuards(config, lookup), here: config.TIDEWATCH_REGION ?? null };
  const remarks = residencyRemarks(found, places);
  if (remarks.length > 0)
    return warn('residency', remarks.join('\n'), 'correct TIDEWATCH_REGION, liesIn or residency');
  const bound = found.filter((model) => model.residency !== undefined).length;
  if (bound === 0) return ok('residency', 'no model file says where its data has to stay');
  return ok('residency', `data of ${bound} models has to stay somewhere, and may lie wherever the files send it`);
} // prettier-ignore

function retraining(config: Config, known: readonly Model[]): Diagnosis {
  const { TIDEWATCH_RETRAINING_FILE: file } = config;
  const guards = readGuards(config, lookup);
  const unknown = strangers(
    guards,
    known.map(({ key }) => key),
  );
  if (unknown.length > 0)
    return warn('retraining', unknown.join('\n'), `correct ${file}, or register the model`);
  if (!existsSync(file)) return ok('retraining', `no ${file}: nothing is retrained`);
  return ok('retraining', `${file} can be read`);
}
