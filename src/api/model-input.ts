import type { Config } from '../config/config.js';
import { BaselineSource, type Model } from '../domain/model.js';
import { floorProblems } from '../domain/record-class.js';
import { keepTermsOf } from '../limits-from.js';
import { ModelFileError, parseModelFile, readModel } from '../registry/model-file.js';
import type { Given } from './given.js';
import { BadInput } from './graphql-errors.js';
import { stretch } from './request.js';
import type { BaselinePinInput, ModelRegisterInput } from './schema.generated.js';

/** A model as a mutation gives it: as JSON, or as the text of a model file. Throws BadInput or ModelFileError. */
export function modelOf({ model, yaml }: Given<ModelRegisterInput>): Model {
  if ((model === undefined) === (yaml === undefined))
    throw new BadInput('input: give either `model` or `yaml`', 'input');
  return yaml === undefined ? readModel('model', model) : parseModelFile('yaml', yaml);
}

/** Throws ModelFileError where a model's data would be kept for less than it must be. */
export function demandKept(config: Config, model: Model): void {
  const { models, floors } = keepTermsOf(config);
  const problems = floorProblems(model, models, floors);
  if (problems.length > 0) throw new ModelFileError('model', problems);
}

/** The source of a reference: a file with what was said of it, or a period. Throws BadInput. */
export function sourceOf({
  since,
  until,
  file,
  timestamp,
  columns,
  timezone,
}: Given<BaselinePinInput>): BaselineSource {
  if (file !== undefined) {
    if (since !== undefined || until !== undefined)
      throw new BadInput('file: give `file`, or `since` and `until`, not both', 'file');
    if (file === '') throw new BadInput('file: is empty: name a file', 'file');
    if (!BaselineSource.safeParse({ file, timezone }).success)
      throw new BadInput('timezone: not an IANA name such as Europe/Berlin', 'timezone');
    const read = BaselineSource.safeParse({ file, timestamp, columns, timezone });
    if (read.success) return read.data;
    throw new BadInput('columns: an object of what = column, e.g. { "actual_label": "target" }', 'columns');
  }
  const [from, to] = stretch({ since, until });
  if (from === null || to === null) throw new BadInput('input: give `since` and `until`, or `file`', 'input');
  return { since: from, until: to };
}
