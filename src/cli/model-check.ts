import { dirname } from 'node:path';
import { readSettings } from '../config/config.js';
import { modelRemarks } from '../file-remarks.js';
import { neverArmed } from '../pipeline/never-armed.js';
import { modelFiles, modelProblems, type CheckedModelFile } from '../read-files.js';
import type { Answer } from './answer.js';
import { filesNamed } from './files-named.js';

/**
 * `tidewatch model check`: every file that paths, folders and patterns name, each with what is wrong in it. How long data has to be kept is asked of the
 * settings; what is wrong with those is found elsewhere. Throws CliError where nothing is named at all.
 */
export async function checkModels(paths: readonly string[]): Promise<Answer> {
  const named = await filesNamed(paths, 'model files');
  const { config } = readSettings(process.env);
  const checked = modelFiles(config, named.files);
  const problems = [...named.problems, ...modelProblems(checked)];
  const warnings = checked.flatMap(warningsOf);
  const lines = checked.map(({ name, model }) => `${model === null ? 'FAIL' : 'ok  '} ${name}${model === null ? '' : `: ${model.key}`}`); // prettier-ignore
  const files = checked.map(({ name, model, problems: own }) => ({
    file: name,
    key: model?.key ?? null,
    problems: own,
  }));
  return {
    ok: problems.length === 0,
    lines: [...lines, ...problems, ...warnings.map((warning) => `warn ${warning}`)],
    json: { files, problems, warnings },
  };
}

/** What can be used and will not do what it says, by the file. */
function warningsOf({ name, model }: CheckedModelFile): readonly string[] {
  if (model === null) return [];
  return [...modelRemarks([model], dirname(name)), ...neverArmed([model])].map((text) => `${name}: ${text}`);
}
