import type { RecordedManifest } from '../retraining/manifest.js';
import type { PersonModel } from './person-rows.js';

interface Run {
  readonly id: string;
  readonly model: string;
}

/** Training runs whose files may hold rows about a person: they were written, and their period and the person's rows meet. */
export function heldRuns(
  runs: readonly Run[],
  manifestOf: (id: string) => Pick<RecordedManifest, 'manifest'> | undefined,
  models: readonly PersonModel[],
): readonly string[] {
  return runs.flatMap(({ id, model }) => {
    const manifest = manifestOf(id)?.manifest;
    const own = models.find((one) => one.model === model);
    if (!manifest || !own || manifest.files.length === 0) return [];
    const [from, to] = [Date.parse(manifest.period.from), Date.parse(manifest.period.to)];
    return own.first.getTime() < to && own.last.getTime() >= from ? [id] : [];
  });
}
