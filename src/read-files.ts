import { CodedError } from './domain/coded-error.js';
import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import type { Config } from './config/config.js';
import { VARIABLES, type Variable } from './config/environment.js';
import { optionalFile, yamlFiles, type TextFile } from './config/files.js';
import type { Model } from './domain/model.js';
import { floorProblems } from './domain/record-class.js';
import { keepTermsOf } from './limits-from.js';
import type { Maintenance } from './incidents/maintenance.js';
import { parseMaintenance } from './incidents/parse-maintenance.js';
import { channelLeads, type ChannelLeads } from './notify/channel-leads.js';
import type { Channels } from './notify/destination.js';
import { parsePeople, type KnownPeople } from './notify/people.js';
import { parseRoutes } from './notify/parse-routes.js';
import { parseWeekly, UNASKED, type Weekly } from './notify/parse-weekly.js';
import type { Route } from './notify/routes.js';
import { parseChannels } from './notify/parse-channels.js';
import { webhookSecretProblem } from './notify/webhook-signature.js';
import type { CompiledPolicy } from './policies/compiled-policy.js';
import { checkPolicies } from './policies/load.js';
import { parseModelFile } from './registry/model-file.js';
import { NO_RETRAINING, type RetrainingGuards } from './retraining/guards.js';
import { retrainedModels } from './retraining/retrained-models.js';
import { parseRetraining, RetrainingConfigError } from './retraining/parse-retraining.js';

type Lookup = (name: string) => string | undefined;
type FileSetting = 'TIDEWATCH_CHANNELS_FILE' | 'TIDEWATCH_RETRAINING_FILE';
type FolderSetting = 'TIDEWATCH_MODELS_DIR' | 'TIDEWATCH_POLICIES_DIR';

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
  /** Models that retraining is set up for, also by a file that cannot be used. */
  readonly retrained: readonly string[];
}

/** Which of the files something is about. */
export type FilePart = 'models' | 'policies' | 'channels' | 'retraining';

/** What files say as far as it can be used, and everything that is wrong in them. */
export interface FileSurvey {
  readonly files: Files;
  /** Where channels lead, also those of a file that cannot be used; null where that cannot be told. */
  readonly leads: ChannelLeads | null;
  /** Sentences, each with the file or the setting, by what they are about. */
  readonly problems: Readonly<Record<FilePart, readonly string[]>>;
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
  const { files, problems } = surveyFiles(config, lookup);
  const all = Object.values(problems).flat();
  if (all.length > 0) throw new FilesError(all);
  return files;
}

/** The same for who looks on although something is wrong. Throws nothing of theirs. */
export function surveyFiles(config: Config, lookup: Lookup): FileSurvey {
  const models = ofFolder(config, 'TIDEWATCH_MODELS_DIR', (texts) => modelFiles(config, texts));
  const described = models.value ?? [];
  const policies = policyFiles(config);
  const spoken = surveyChannels(config, lookup);
  const guards = ofFile(config, 'TIDEWATCH_RETRAINING_FILE', () => readGuards(config, lookup), NO_RETRAINING);
  return {
    files: {
      models: described.flatMap(({ model }) => model ?? []),
      policies: policies.policies,
      channelFile: spoken.value,
      guards: guards.value,
      retrained: retrainedModels(textOf(config, 'TIDEWATCH_RETRAINING_FILE')),
    },
    leads: spoken.leads,
    problems: {
      models: [...models.problems, ...modelProblems(described)],
      policies: policies.problems,
      channels: spoken.problems,
      retraining: guards.problems,
    },
  };
}

/** What the YAML files of a folder say; null where it cannot be read. */
function ofFolder<Value>(
  config: Config,
  name: FolderSetting,
  part: (texts: readonly TextFile[]) => Value,
): Attempt<Value | null> {
  const { value: texts, problems } = attempted(() => yamlFiles(config[name]), null);
  if (texts !== null) return { value: part(texts), problems: [] };
  return { value: null, problems: problems.map((problem) => `${name}: ${config[name]} ${problem}`) };
}

/** What one file says, and what is wrong in it with its name. */
function ofFile<Value>(config: Config, name: FileSetting, part: () => Value, instead: Value): Attempt<Value> {
  const absent = absence(config, name);
  if (absent !== null) return { value: instead, problems: [absent] };
  const { value, problems } = attempted(part, instead);
  return { value, problems: problems.map((problem) => `${config[name]}: ${problem}`) };
}

/** What a part of the files says; where it cannot be used `instead`, and what is wrong with it. */
function attempted<Value>(part: () => Value, instead: Value): Attempt<Value> {
  try {
    return { value: part(), problems: [] };
  } catch (error) {
    const problems = problemsOf(error);
    if (problems === null) throw error;
    return { value: instead, problems };
  }
}

interface Attempt<Value> {
  readonly value: Value;
  readonly problems: readonly string[];
}

/** What an error of ours lists, or that a file cannot be read; null for any other. */
function problemsOf(error: unknown): readonly string[] | null {
  if (!(error instanceof Error)) return null;
  if ('problems' in error) return error.problems as readonly string[];
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? null : [`cannot be read (${code ?? syscall})`];
}

/** A file that describes a model. */
export interface CheckedModelFile {
  readonly name: string;
  /** Null where it cannot be used. */
  readonly model: Model | null;
  readonly problems: readonly string[];
}

/** What model files say, each with what is wrong in it by its name; and what the settings do not allow. */
export function modelFiles(config: Config, texts: readonly TextFile[]): readonly CheckedModelFile[] {
  const { models, floors } = keepTermsOf(config);
  return texts.map(({ name, text }) => {
    const { value: model, problems } = attempted(() => parseModelFile(name, text), null);
    const below = model === null ? [] : floorProblems(model, models, floors);
    return { name, model, problems: [...problems, ...below].map((problem) => `${name}: ${problem}`) };
  });
}

/** What is wrong in model files and with them together: every key is one file's. */
export function modelProblems(files: readonly CheckedModelFile[]): readonly string[] {
  const keys = [...new Set(files.flatMap(({ model }) => model?.key ?? []))];
  const twice = keys.flatMap((key) => {
    const names = files.filter(({ model }) => model?.key === key).map(({ name }) => name);
    return names.length < 2
      ? []
      : [`${names.join(' and ')} both describe the model "${key}": leave one of them`];
  });
  return [...files.flatMap(({ problems }) => problems), ...twice];
}

/** The policy files that can be used, their own tests run, and what is wrong in all of them. */
export function policyFiles(config: Config): Pick<ReturnType<typeof checkPolicies>, 'policies' | 'problems'> {
  const absent = absence(config, 'TIDEWATCH_POLICIES_DIR');
  if (absent !== null) return { policies: [], problems: [absent] };
  const { value, problems } = ofFolder(config, 'TIDEWATCH_POLICIES_DIR', checkPolicies);
  return value ?? { policies: [], problems };
}

/**
 * The channels file, whole; the console where there is none. Throws FilesError with everything wrong in it. Of a text that was read before, `known`, only the channels are read anew, whose
 * secrets may be others now; where they are not, it is `known` itself.
 */
export function readChannelFile(config: Config, lookup: Lookup, known?: ChannelFile): ChannelFile {
  const absent = absence(config, 'TIDEWATCH_CHANNELS_FILE');
  if (absent !== null) throw new FilesError([absent]);
  const text = optionalFile(config.TIDEWATCH_CHANNELS_FILE);
  if (text === null) return NO_CHANNELS;
  if (known && known !== NO_CHANNELS && text === known.text) return withSecrets(known, lookup);
  const syntax = parseDocument(text).errors.map(({ message }) => message);
  if (syntax.length > 0) throw new FilesError(syntax);
  const problems: string[] = [];
  const read = <Value>(part: () => Value, instead: Value) => {
    const { value, problems: found } = attempted(part, instead);
    problems.push(...found);
    return value;
  };
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
  const { value: channels, problems } = attempted(() => parseChannels(known.text, lookup), known.channels);
  if (problems.length > 0) throw new FilesError(problems);
  return isDeepStrictEqual(channels, known.channels) ? known : { ...known, channels };
}

/** The channels file with what is wrong in it; where it cannot be used, which channels it names and of which kinds can be told all the same. */
export function surveyChannels(
  config: Config,
  lookup: Lookup,
): Attempt<ChannelFile> & Pick<FileSurvey, 'leads'> {
  const name = 'TIDEWATCH_CHANNELS_FILE';
  const said = ofFile(config, name, () => readChannelFile(config, lookup), NO_CHANNELS);
  if (said.problems.length === 0) return { ...said, leads: said.value.channels };
  return { ...said, leads: channelLeads(textOf(config, name)) };
}

/** What a file says; empty where it is not there or cannot be read. */
function textOf(config: Config, name: FileSetting): string {
  return attempted(() => optionalFile(config[name]), null).value ?? '';
}

/** The retraining file. Throws RetrainingConfigError. */
export function readGuards(config: Config, lookup: Lookup): RetrainingGuards {
  const absent = absence(config, 'TIDEWATCH_RETRAINING_FILE');
  if (absent !== null) throw new FilesError([absent]);
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

/** A default may be absent; what somebody set must be there. Null where it is. */
function absence(config: Config, name: FileSetting | FolderSetting): string | null {
  const variable: Variable = VARIABLES[name];
  const path = config[name];
  return path === variable.fallback || existsSync(path) ? null : `${name}: there is no ${path}`;
}
