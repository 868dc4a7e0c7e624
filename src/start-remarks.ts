import type { Config } from './config/config.js';
import { minuteText } from './domain/wording.js';
import { residencyRemarks } from './pipeline/barred-places.js';
import { neverArmed } from './pipeline/never-armed.js';
import type { Stages } from './pipeline/stages.js';
import { fileRemarks } from './file-remarks.js';
import type { Files } from './read-files.js';
import type { Descriptions } from './registry/descriptions.js';

/** What can be used and will not do what it says, of files and of registered models: each names the file, the variable or the model, and the fix. */
export function startRemarks(
  config: Config,
  files: Files,
  {
    registry,
    residency,
    policies,
    descriptions,
  }: Pick<Stages, 'registry' | 'descriptions' | 'residency' | 'policies'>,
): readonly string[] {
  const models = registry.models().map(({ model }) => model);
  const registered = models.map(({ key }) => key);
  return [
    ...fileRemarks(config, { ...files, policies }, registered),
    ...neverArmed(models),
    ...registered.flatMap((key) => undoneRemark(key, descriptions)),
    ...residencyRemarks(models, {
      channels: files.channelFile.channels,
      guards: files.guards,
      here: residency.here,
    }),
  ];
}

/** That a model file took back what people had agreed to: nobody was asked, so it is said at every start until the model is described anew. */
function undoneRemark(key: string, descriptions: Descriptions): readonly string[] {
  const { undone } = descriptions.agreementOf(key);
  if (!undone) return [];
  const what = undone.what.join('; ');
  return [
    `the model file of ${key} took back at the start of ${minuteText(undone.at)} UTC: ${what} (entry ${undone.seq}). Write into the file what was agreed to, or ask for it anew`,
  ];
}
