import { accessSync, constants, existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { absentModels, absentReferences, nobody, noneIn, strangers, unevenWindows } from '../file-remarks.js';
import { givenKey, keyInFolder } from '../ledger/ledger-key.js';
import { keepTermsOf } from '../limits-from.js';
import { muteChannels } from '../notify/channel-leads.js';
import { residencyRemarks } from '../pipeline/barred-places.js';
import { neverArmed } from '../pipeline/never-armed.js';
import { retentionRemarks } from '../pipeline/retention-report.js';
import type { StartSurvey } from '../read-start.js';
import { fail, looking, ok, retentionFinding, warn, type Diagnosis } from './finding.js';

const LEAST_NODE = [20, 19] as const;
const LEAST_FREE_BYTES = 2 * 2 ** 30;

/** The Node.js that runs this. */
export function nodeVersion(): Diagnosis {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const least = LEAST_NODE.join('.');
  if (enough) return ok('node', `version ${process.versions.node}`);
  return fail('node', `version ${process.versions.node}`, `install Node.js ${least} or newer`);
}

/** The data folder, and everything that files say: models, policies, channels, retraining. What is wrong with one hides nothing of another. */
export async function settingsFindings(survey: StartSurvey): Promise<readonly Diagnosis[]> {
  const { config } = survey;
  return [
    await dataFolder(config),
    await ledgerKeyPlace(config),
    ...modelFindings(survey),
    retention(survey),
    ...policyFileFindings(survey),
    ...channelFindings(survey),
    ...retrainingFindings(survey),
    residency(survey),
  ];
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

/** What is wrong with a part of the files, one by one, then what it will not do; `well` where there is neither. */
function findings(
  name: string,
  said: {
    readonly problems: readonly string[];
    readonly fix: string;
    readonly remarks: readonly Diagnosis[];
  },
  well: () => Diagnosis,
): readonly Diagnosis[] {
  const { problems, fix, remarks } = said;
  const found = [...problems.map((problem) => fail(name, problem, fix)), ...remarks];
  return found.length > 0 ? found : [well()];
}

export function modelFindings({ config, files, problems }: Pick<StartSurvey, 'config' | 'files' | 'problems'>): readonly Diagnosis[] {
  const { TIDEWATCH_MODELS_DIR: folder } = config;
  const { models } = files;
  const remarks = [
    ...absentModels(config).map((text) => warn('models', text, 'correct TIDEWATCH_MODELS_DIR, or make the folder')),
    ...absentReferences(models, folder).map((text) => warn('models', text, 'put the file there, or correct baseline.file')),
    ...unevenWindows(models).map((text) => warn('models', text, 'choose a window that divides a day')),
    ...neverArmed(models).map((text) => warn('models', text, 'give the reference as many windows')),
  ];
  const fix = 'correct the file; tidewatch model check shows them one by one';
  return findings('models', { problems: problems.models, fix, remarks }, () => {
    if (models.length > 0) return ok('models', `${models.map(({ key }) => key).join(', ')} (${folder})`);
    return warn('models', noneIn(folder), 'add models/<key>.yaml, or register models with tidewatch model register');
  });
} // prettier-ignore

function retention({ config, files }: StartSurvey): Diagnosis {
  const { models: keep, floors } = keepTermsOf(config);
  return retentionFinding(retentionRemarks({ models: files.models, holds: [], keep, floors }));
}

function policyFileFindings({ config, files, problems }: StartSurvey): readonly Diagnosis[] {
  const { TIDEWATCH_POLICIES_DIR: folder } = config;
  const fix = 'correct the file; tidewatch policy check shows them one by one';
  return findings('policies', { problems: problems.policies, fix, remarks: [] }, () => {
    const names = files.policies.map(({ id, version }) => `${id}@${version}`).join(', ');
    if (files.policies.length > 0) return ok('policies', `${names} (${folder}), own tests passed`);
    const fix = 'without policies nothing becomes an incident: set TIDEWATCH_POLICIES_DIR';
    return warn('policies', noneIn(folder), fix);
  });
}

/** Channels that cannot speak, and names in policies that mean nobody, show only when somebody should have been told. */
function channelFindings(survey: StartSurvey): readonly Diagnosis[] {
  const { config, files, problems, leads } = survey;
  const { TIDEWATCH_CHANNELS_FILE: file } = config;
  const remarks = [
    ...mute(survey).map(({ text }) => warn('channels', text, 'set it, or remove these destinations')),
    ...(leads === null ? [] : nobody(config, files.policies, leads)).map((text) =>
      warn('channels', text, 'or correct the name in the policy; tidewatch policy check shows where'),
    ),
  ];
  return findings('channels', { problems: problems.channels, fix: `correct ${file}`, remarks }, () => {
    if (files.channelFile.text !== '') return ok('channels', `${Object.keys(leads ?? {}).join(', ')} (${file})`);
    return warn('channels', `no ${file}: all is said on the console only`, 'write one, so that people hear of incidents');
  });
} // prettier-ignore

/** Channels that wait for a setting which nobody made; one that cannot be used is told as such. */
function mute({ config, leads, wrong }: StartSurvey): ReturnType<typeof muteChannels> {
  return muteChannels(config, leads ?? {}).filter(({ setting }) => !wrong.has(setting));
}

/** Data that has to stay where this service, a destination or a target does not lie; each is said by name. */
function residency({ config, files }: StartSurvey): Diagnosis {
  const { models: found, guards, channelFile } = files;
  const places = { channels: channelFile.channels, guards, here: config.TIDEWATCH_REGION ?? null };
  const remarks = residencyRemarks(found, places);
  if (remarks.length > 0)
    return warn('residency', remarks.join('\n'), 'correct TIDEWATCH_REGION, liesIn or residency');
  const bound = found.filter((model) => model.residency !== undefined).length;
  if (bound === 0) return ok('residency', 'no model file says where its data has to stay');
  return ok('residency', `data of ${bound} models has to stay somewhere, and may lie wherever the files send it`);
} // prettier-ignore

function retrainingFindings({ config, files, problems }: StartSurvey): readonly Diagnosis[] {
  const { TIDEWATCH_RETRAINING_FILE: file } = config;
  const known = files.models.map(({ key }) => key);
  // Which model a file describes that cannot be used is not known.
  const unknown = problems.models.length > 0 ? [] : strangers(files.retrained, known);
  const remarks = unknown.map((text) => warn('retraining', text, `correct ${file}, or register the model`));
  return findings('retraining', { problems: problems.retraining, fix: `correct ${file}`, remarks }, () =>
    ok('retraining', existsSync(file) ? `${file} can be read` : `no ${file}: nothing is retrained`),
  );
}
