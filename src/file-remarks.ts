import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from './config/config.js';
import { VARIABLES } from './config/environment.js';
import { findFile, referenceFolders } from './config/find-file.js';
import type { Model } from './domain/model.js';
import { muteChannels, type ChannelLeads } from './notify/channel-leads.js';
import type { CompiledPolicy } from './policies/compiled-policy.js';
import { unreached } from './policies/named-channels.js';
import type { Files, FileSurvey } from './read-files.js';

/** What can be read and will not do what it says: each names the file or variable and the fix. `registered` are models known besides files. */
export function fileRemarks(config: Config, files: Files, registered: readonly string[]): readonly string[] {
  const { channels } = files.channelFile;
  const known = [...new Set([...registered, ...files.models.map(({ key }) => key)])];
  return [
    ...muteChannels(config, channels).map(({ text }) => text),
    ...lawless(files.policies, config.TIDEWATCH_POLICIES_DIR),
    ...nobody(config, files.policies, channels),
    ...strangers(files.retrained, known).map((text) => `${config.TIDEWATCH_RETRAINING_FILE}: ${text}`),
    ...modelRemarks(files.models, config.TIDEWATCH_MODELS_DIR),
    ...absentModels(config),
  ];
}

/**
 * What can be told of it where something cannot be used: nothing that may come of what is wrong. `wrong` are settings that cannot be used. Which models
 * are registered is not known before the store is open.
 */
export function surveyRemarks(
  config: Config,
  { files, leads }: FileSurvey,
  wrong: ReadonlySet<string>,
): readonly string[] {
  return [
    ...(leads === null ? [] : muteChannels(config, leads).flatMap(({ setting, text }) => (wrong.has(setting) ? [] : [text]))),
    ...(leads === null ? [] : nobody(config, files.policies, leads)),
    ...modelRemarks(files.models, config.TIDEWATCH_MODELS_DIR),
    ...(wrong.has('TIDEWATCH_MODELS_DIR') ? [] : absentModels(config)),
  ];
} // prettier-ignore

/** What can be told of model files by themselves. `folder` is where they lie. */
export function modelRemarks(models: readonly Model[], folder: string): readonly string[] {
  return [...absentReferences(models, folder), ...unevenWindows(models)];
}

/** Models may be registered by other doors, so a service without the folder is whole; it may still be a slip. */
export function absentModels({ TIDEWATCH_MODELS_DIR: folder }: Config): readonly string[] {
  if (folder === VARIABLES.TIDEWATCH_MODELS_DIR.fallback || existsSync(folder)) return [];
  return [`TIDEWATCH_MODELS_DIR: there is no ${folder}, so no models are read from files`];
}

/** That nothing comes of what is found, where no policy is in force. `folder` is where policy files lie. */
export function lawless(policies: readonly CompiledPolicy[], folder: string): readonly string[] {
  if (policies.length > 0) return [];
  return [
    `no policy is in force, so nothing that is found becomes an incident and nobody is told: ${noneIn(folder)}; set TIDEWATCH_POLICIES_DIR to a folder of policies`,
  ];
}

/** That a folder has none of the files that are looked for, or is not there; with its whole path, which tells whoever started elsewhere. */
export function noneIn(folder: string): string {
  const path = resolve(folder);
  return existsSync(path) ? `no files in ${path}` : `there is no ${path}`;
}

/** Channel names in policies that reach nobody. */
export function nobody(
  config: Config,
  policies: readonly CompiledPolicy[],
  channels: ChannelLeads,
): readonly string[] {
  const unknown = unreached(policies, channels);
  if (unknown.length === 0) return [];
  return [
    `policies name ${unknown.join(', ')}, which is nobody: add it to ${config.TIDEWATCH_CHANNELS_FILE}, which has ${Object.keys(channels).join(', ')}`,
  ];
}

/** Models that retraining is set up for and that nobody described. */
export function strangers(retrained: readonly string[], known: readonly string[]): readonly string[] {
  return retrained
    .filter((key) => !known.includes(key))
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
