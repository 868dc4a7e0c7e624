import { CodedError } from './domain/coded-error.js';
import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import type { Config } from './config/config.js';
import { VARIABLES, type Variable } from './config/environment.js';
import { optionalFile, yamlFiles } from './config/files.js';
import { findFile, referenceFolders } from './config/find-file.js';
import type { Model } from './domain/model.js';
import { floorProblems } from './domain/record-class.js';
import { keepTermsOf } from './limits-from.js';
import type { Maintenance } from './incidents/maintenance.js';
import { parseMaintenance } from './incidents/parse-maintenance.js';
import type { Channels } from './notify/destination.js';
import { parsePeople, type KnownPeople } from './notify/people.js';
import { parseRoutes } from './notify/parse-routes.js';
import { parseWeekly, UNASKED, type Weekly } from './notify/parse-weekly.js';
import type { Route } from './notify/routes.js';
import { unreached } from './policies/named-channels.js';
import { parseChannels } from './notify/parse-channels.js';
import { webhookSecretProblem } from './notify/webhook-signature.js';
import type { CompiledPolicy } from './policies/compiled-policy.js';
import { loadPolicies } from './policies/load.js';
import { parseModelFile } from './registry/model-file.js';
import { NO_RETRAINING, type RetrainingGuards } from './retraining/guards.js';
import { parseRetraining, RetrainingConfigError } from './retraining/parse-retraining.js';

type Lookup = (name: string) => string | undefined;
type PathSetting = 'TIDEWATCH_POLICIES_DIR' | 'TIDEWATCH_CHANNELS_FILE' | 'TIDEWATCH_RETRAINING_FILE';

/** What the channels file says. */
export interface ChannelFile {
  /** As it is written; empty where there is no file. */
  readonly text: string;
  readonly channels: Channels;
  /** Who hears of what. */
  readonly routes: readonly Route[];
  /** Times that come every week in which some things are not told. */
  readonly maintenance: readonly Maintenance[];
  /** When a week is told; null where it is not. */
  readonly weekly: Weekly | null;
  /** Who may act from Slack. */
  readonly people: KnownPeople;
}

/** Everything that files say, read and checked. */
export interface Files {
  readonly models: readonly Model[];
  readonly policies: readonly CompiledPolicy[];
  readonly channelFile: ChannelFile;
  readonly guards: RetrainingGuards;
}

/** Files that cannot be used, with everything wrong in all of them. */
export class FilesError extends CodedError {
  override readonly name = 'FilesError';
  readonly code = 'bad_files';
  constructor(readonly problems: readonly string[]) {
    super(`The files cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** Without a channels file everything is said on the console. */
const NO_CHANNELS: ChannelFile = {
  text: '',
  channels: { default: [{ kind: 'console' }] },
  routes: [],
  maintenance: [],
  weekly: UNASKED,
  people: [],
};

/** Reads every file before anything is opened. Throws FilesError with what is wrong in all of them. */
export function readFiles(config: Config, lookup: Lookup): Files {
  const problems: string[] = [];
  const read = <Value>(part: () => Value, instead: Value) => attempted(problems, part, instead);
  const files = {
    models: read(() => readModels(config), []),
    policies: read(() => readPolicies(config), []),
    channelFile: read(() => readChannelFile(config, lookup), NO_CHANNELS),
    guards: read(() => readGuards(config, lookup), NO_RETRAINING),
  };
  if (problems.length > 0) throw new FilesError(problems);
  return files;
}

/** What a part of the files says; where it cannot be used `instead`, and what is wrong with it among the problems. */
function attempted<Value>(problems: string[], part: () => Value, instead: Value): Value {
  try {
    return part();
  } catch (error) {
    if (!(error instanceof Error) || !('problems' in error)) throw error;
    problems.push(...(error instanceof FilesError ? error.problems : [error.message]));
    return instead;
  }
}

/** The model files. Throws FilesError with what is wrong in each, and where two describe one model. */
export function readModels(config: Config): readonly Model[] {
  const problems: string[] = [];
  const read = yamlFiles(config.TIDEWATCH_MODELS_DIR).flatMap(({ name, text }) =>
    attempted(problems, () => [{ name, model: parseModelFile(name, text) }], []),
  );
  const { models, floors } = keepTermsOf(config);
  problems.push(
    ...read.flatMap(({ name, model }) =>
      floorProblems(model, models, floors).map((problem) => `${name}: ${problem}`),
    ),
  );
  problems.push(...namesakes(read.map(({ name, model }) => ({ name, key: model.key }))));
  if (problems.length > 0) throw new FilesError(problems);
  return read.map(({ model }) => model);
}

/** What is wrong when several model files have one key, a sentence for each. */
export function namesakes(
  files: readonly { readonly name: string; readonly key: string | null }[],
): readonly string[] {
  const keys = [...new Set(files.flatMap(({ key }) => key ?? []))];
  return keys.flatMap((key) => {
    const names = files.filter((file) => file.key === key).map(({ name }) => name);
    return names.length < 2
      ? []
      : [`${names.join(' and ')} both describe the model "${key}": leave one of them`];
  });
}

/** The policy files, their own tests run. Throws PolicyError. */
export function readPolicies(config: Config): readonly CompiledPolicy[] {
  demand(config, 'TIDEWATCH_POLICIES_DIR');
  return loadPolicies(yamlFiles(config.TIDEWATCH_POLICIES_DIR)).policies;
}

/**
 * The channels file, whole; the console where there is none. Throws FilesError with everything wrong in it. Of a text that was read before, `known`, only the channels are read anew, whose
 * secrets may be others now; where they are not, it is `known` itself.
 */
export function readChannelFile(config: Config, lookup: Lookup, known?: ChannelFile): ChannelFile {
  demand(config, 'TIDEWATCH_CHANNELS_FILE');
  const text = optionalFile(config.TIDEWATCH_CHANNELS_FILE);
  if (text === null) return NO_CHANNELS;
  if (known && known !== NO_CHANNELS && text === known.text) return withSecrets(known, lookup);
  const problems = parseDocument(text).errors.map(({ message }) => message);
  if (problems.length > 0) throw new FilesError(problems);
  const read = <Value>(part: () => Value, instead: Value) => attempted(problems, part, instead);
  const said = {
    text,
    channels: read(() => parseChannels(text, lookup), NO_CHANNELS.channels),
    routes: read(() => parseRoutes(text), []),
    maintenance: read(() => parseMaintenance(text), []),
    weekly: read(() => parseWeekly(text), UNASKED),
    people: read(() => parsePeople(text), []),
  };
  if (problems.length > 0) throw new FilesError(problems);
  return said;
}

function withSecrets(known: ChannelFile, lookup: Lookup): ChannelFile {
  const problems: string[] = [];
  const channels = attempted(problems, () => parseChannels(known.text, lookup), known.channels);
  if (problems.length > 0) throw new FilesError(problems);
  return isDeepStrictEqual(channels, known.channels) ? known : { ...known, channels };
}

/** The retraining file. Throws RetrainingConfigError. */
export function readGuards(config: Config, lookup: Lookup): RetrainingGuards {
  demand(config, 'TIDEWATCH_RETRAINING_FILE');
  const text = optionalFile(config.TIDEWATCH_RETRAINING_FILE);
  if (text === null) return NO_RETRAINING;
  const guards = parseRetraining(text, lookup);
  const unusable = Object.entries(guards.targets).flatMap(([name, target]) => {
    const problem = target.kind === 'webhook' ? webhookSecretProblem(target.secret) : null;
    return problem === null ? [] : [`retraining.targets.${name}.secret: ${problem}`];
  });
  if (unusable.length > 0) throw new RetrainingConfigError(unusable);
  return guards;
}

/** A default may be absent; what somebody set must be there. */
function demand(config: Config, name: PathSetting): void {
  const variable: Variable = VARIABLES[name];
  const path = config[name];
  if (path === variable.fallback || existsSync(path)) return;
  throw new FilesError([`${name}: there is no ${path}`]);
}

/** What can be read and will not do what it says: each names the file or variable and the fix. `registered` are models known besides files. */
export function fileWarnings(config: Config, files: Files, registered: readonly string[]): readonly string[] {
  const known = [...new Set([...registered, ...files.models.map(({ key }) => key)])];
  return [
    ...muteDestinations(config, files.channelFile.channels),
    ...nobody(config, files.policies, files.channelFile.channels),
    ...strangers(files.guards, known).map((text) => `${config.TIDEWATCH_RETRAINING_FILE}: ${text}`),
    ...absentReferences(files.models, config.TIDEWATCH_MODELS_DIR),
    ...unevenWindows(files.models),
    ...absentModels(config),
  ];
}

/** Models may be registered by other doors, so a service without the folder is whole; it may still be a slip. */
function absentModels({ TIDEWATCH_MODELS_DIR: folder }: Config): readonly string[] {
  if (folder === VARIABLES.TIDEWATCH_MODELS_DIR.fallback || existsSync(folder)) return [];
  return [`TIDEWATCH_MODELS_DIR: there is no ${folder}, so no models are read from files`];
}

/** Kinds of destinations that nothing is set up to reach. */
export function muteDestinations(config: Config, channels: Channels): readonly string[] {
  const kinds = new Set(Object.values(channels).flatMap((all) => all.map(({ kind }) => kind)));
  return [
    ...(kinds.has('slack') && config.SLACK_BOT_TOKEN === undefined
      ? ['SLACK_BOT_TOKEN is not set, but a channel goes to Slack: set it, or nobody there is told']
      : []),
    ...(kinds.has('email') && config.SMTP_URL === undefined
      ? ['SMTP_URL is not set, but a channel goes by e-mail: set it, or nobody there is told']
      : []),
  ];
}

/** Channel names in policies that reach nobody. */
export function nobody(
  config: Config,
  policies: readonly CompiledPolicy[],
  channels: Channels,
): readonly string[] {
  const unknown = unreached(policies, channels);
  if (unknown.length === 0) return [];
  return [
    `policies name ${unknown.join(', ')}, which is nobody: add it to ${config.TIDEWATCH_CHANNELS_FILE}, which has ${Object.keys(channels).join(', ')}`,
  ];
}

/** Models that retraining is set up for and that nobody described. */
export function strangers(guards: RetrainingGuards, known: readonly string[]): readonly string[] {
  const mapped = Object.values(guards.registries).flatMap(({ models }) => Object.values(models));
  return [...new Set([...Object.keys(guards.models), ...mapped])]
    .filter((key) => key !== '*' && !known.includes(key))
    .map(
      (key) =>
        `retraining is set up for the model "${key}", which is not known (known: ${known.join(', ') || 'none'})`,
    );
}

const DAY_MS = 86_400_000;

/** Models whose windows begin at other times every day: what belongs to an hour or a weekday is spread over neighbours. */
export function unevenWindows(models: readonly Model[]): readonly string[] {
  return models
    .filter(({ window }) => DAY_MS % window !== 0)
    .map(({ key, window }) => {
      const minutes = window / 60_000;
      const near = [...Array(1440).keys()].map((i) => i + 1).filter((one) => 1440 % one === 0);
      const closest = near.toSorted((a, b) => Math.abs(a - minutes) - Math.abs(b - minutes)).slice(0, 2);
      return `model ${key}: window ${minutes}m divides no day, so that windows of one day lie across those of the next and hours of the day cannot be learnt; ${closest.map((one) => `${one}m`).join(' and ')} do`;
    });
}

/** Reference files that are not there; they are taken when they appear. */
export function absentReferences(models: readonly Model[], folder: string): readonly string[] {
  return models.flatMap(({ key, baseline }) => {
    if (!baseline || !('file' in baseline) || findFile(baseline.file, referenceFolders(folder)) !== null)
      return [];
    return [
      `model ${key}: baseline.file "${baseline.file}" is not there (looked for beside the model file and in the working folder); it is taken when it appears`,
    ];
  });
}
