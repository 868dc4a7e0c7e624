import type { AskedDetector } from '../checks/label-stream.js';
import type { Baseline } from '../domain/baseline.js';
import type { ErrorStream } from '../domain/error-stream.js';
import type { Model } from '../domain/model.js';
import type { WindowProfile } from '../domain/profile.js';
import { segmentName, type SegmentName } from '../domain/segment-rule.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import { concernsName } from '../policies/concerns.js';
import { detectorRules } from '../policies/detector-rules.js';
import { MOST_ERRORS, readErrors } from '../profiles/error-streams.js';
import { watchedSegments } from '../profiles/outcomes.js';
import type { Database } from '../store/database.js';

/** What is read of a model's labels one by one, for whom. */
export interface AskedStreams {
  readonly detectors: readonly AskedDetector[];
  readonly segments: readonly SegmentName[];
}

/** Segments whose labels are read one by one; of more, the first that the reference watches. */
const MOST_LABEL_STREAMS = 20;

/** The detectors that policies ask for, on all rows or on the watched segments that their rules name; null where none does. */
export function askedStreams(
  policies: readonly CompiledPolicy[],
  model: Model,
  baseline: Baseline | null,
): AskedStreams | null {
  const rules = detectorRules(policies, model);
  if (rules.length === 0) return null;
  const named = rules.flatMap((rule) => rule.segments);
  const isNamed = (segment: SegmentName) => named.length > 0 && concernsName(named, segmentName(segment));
  const segments = watchedSegments(baseline).filter(isNamed).slice(0, MOST_LABEL_STREAMS);
  const names = segments.map(segmentName);
  const detectors = rules.flatMap(({ detector, segments: wanted }): readonly AskedDetector[] =>
    wanted.length === 0
      ? [{ detector, segment: null }]
      : names.filter((name) => concernsName(wanted, name)).map((segment) => ({ detector, segment })),
  );
  return { detectors, segments };
}

/** Windows of one model version whose labels are judged. */
export interface LabelledWindows {
  readonly model: Model;
  readonly version: string;
  readonly starts: readonly number[];
  readonly profiles: ReadonlyMap<number, WindowProfile>;
}

type Errors = Readonly<Record<string, ErrorStream>>;

/** The errors of windows by their start (epoch ms). As many windows at a time as have so many labels that a process holds them. */
export async function readStreams(
  database: Database,
  { model, version, starts, profiles }: LabelledWindows,
  { segments }: AskedStreams,
): Promise<ReadonlyMap<number, Errors>> {
  const found = new Map<number, Errors>();
  for (const { first, last, every } of together(starts, profiles)) {
    const span = { version, from: new Date(first), to: new Date(last + model.window), widthMs: model.window };
    const read = await readErrors(database, model, { ...span, every }, segments);
    for (const [start, errors] of read) found.set(1000 * start, errors);
  }
  return found;
}

interface Together {
  readonly first: number;
  readonly last: number;
  readonly every: number;
}

/** Windows with labels, in order, in groups of about as many labels as one of them may have; which rows of one are read depends on nothing else. */
function together(starts: readonly number[], profiles: LabelledWindows['profiles']): readonly Together[] {
  const groups: Together[] = [];
  let labels = 0;
  for (const start of starts) {
    const labelled = profiles.get(start / 1000)?.performance.labelled ?? 0;
    if (labelled === 0) continue;
    const every = Math.max(1, Math.ceil(labelled / MOST_ERRORS));
    const group = groups.at(-1);
    labels += labelled;
    if (group?.every === 1 && every === 1 && labels <= MOST_ERRORS) groups[groups.length - 1] = { ...group, last: start };
    else {
      groups.push({ first: start, last: start, every });
      labels = labelled;
    }
  }
  return groups;
} // prettier-ignore
