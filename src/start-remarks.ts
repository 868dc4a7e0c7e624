import type { Config } from './config/config.js';
import { residencyRemarks } from './pipeline/barred-places.js';
import type { Stages } from './pipeline/stages.js';
import { fileWarnings, type Files } from './read-files.js';

/** What can be used and will not do what it says, of files and of registered models: each names the file, the variable or the model, and the fix. */
export function startRemarks(
  config: Config,
  files: Files,
  { registry, residency, policies }: Stages,
): readonly string[] {
  const models = registry.models().map(({ model }) => model);
  const registered = models.map(({ key }) => key);
  return [
    ...fileWarnings(config, { ...files, policies }, registered),
    ...residencyRemarks(models, {
      channels: files.channelFile.channels,
      guards: files.guards,
      here: residency.here,
    }),
  ];
}
