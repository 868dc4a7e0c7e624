import { z } from 'zod';
import { MODEL_TASKS } from '../domain/model.js';
import { utcText } from '../domain/wording.js';

const IsoTime = z.iso.datetime();
const Count = z.number().int().nonnegative();

export const TRAINING_FORMATS = ['parquet', 'csv'] as const;
export type TrainingFileFormat = (typeof TRAINING_FORMATS)[number];

/** A period that must not be learnt from: half-open, event time, with the faults that say so and the rows it would have given. */
const Excluded = z.object({
  from: IsoTime,
  to: IsoTime,
  reasons: z.array(z.object({ incident: z.string(), check: z.string(), summary: z.string() })),
  rows: Count,
});

const Column = z.object({
  /** In the file. */
  name: z.string(),
  /** The feature or attribute as events name it; null for what every row has. */
  source: z.string().nullable(),
  holds: z.enum(['prediction_id', 'ts', 'version', 'feature', 'protected', 'output', 'label']),
  type: z.enum(['text', 'number', 'time']),
  unit: z.string().nullable(),
});
export type ManifestColumn = z.infer<typeof Column>;

const TrainingFile = z.object({
  name: z.string(),
  format: z.enum(TRAINING_FORMATS),
  /** Event time of its rows, half-open; the files of one format follow one another. */
  from: IsoTime,
  to: IsoTime,
  rows: Count,
  bytes: Count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type TrainingFile = z.infer<typeof TrainingFile>;

/** What a version did on the same period, with the excluded parts left out; null where it cannot be computed. */
const ToBeat = z.object({
  version: z.string(),
  stage: z.string(),
  rows: Count,
  labelled: Count,
  metrics: z.record(z.string(), z.number().nullable()),
});
export type ToBeat = z.infer<typeof ToBeat>;

/**
 * Everything that a training job needs to know of its data, as the ledger holds it. The digest is SHA-256 of its RFC 8785 form. `madeAt` is
 * when it was counted; files do not change afterwards, while new labels may still come to the store.
 */
export const TrainingManifest = z.object({
  format: z.literal('tidewatch.training-manifest/v1'),
  retraining: z.string().nullable(),
  model: z.object({
    key: z.string(),
    task: z.enum(MODEL_TASKS),
    positive: z.string().nullable(),
    environments: z.array(z.string()),
  }),
  madeAt: IsoTime,
  period: z.object({ from: IsoTime, to: IsoTime }),
  /** The statement that gives the rows of a file, with `{name:Type}` in the place of its parameters. */
  query: z.object({ sql: z.string(), parameters: z.record(z.string(), z.string()) }),
  exclude: z.array(Excluded),
  /** Rows left out because they copy what other versions answered; null is without a bound. Manifests of before this was said have none. */
  copies: z
    .array(z.object({ version: z.string(), from: IsoTime.nullable(), to: IsoTime.nullable() }))
    .optional(),
  columns: z.array(Column),
  protected: z.object({
    handling: z.enum(['leave_out', 'include']),
    attributes: z.array(z.string()),
    /** Protected attributes that the model also has as a feature: such a column is there. */
    alsoFeatures: z.array(z.string()),
  }),
  /** Persons are never in a file; rows that name one, counted, fall away when that person is erased from the store. */
  subjects: z.object({ rows: Count }),
  rows: z.object({
    /** All of the period. `excluded`, `failedCalls` and `unlabelled` of them are left out; `usable` is what remains. */
    total: Count,
    excluded: Count,
    failedCalls: Count,
    unlabelled: Count,
    usable: Count,
  }),
  /** Usable rows by label, most frequent first; empty for a regression, whose labels are summarised in `values`. */
  classes: z.array(z.object({ label: z.string(), rows: Count, share: z.number() })),
  values: z.object({ mean: z.number(), min: z.number(), max: z.number() }).nullable(),
  labels: z.object({
    expectedWithinMs: z.number(),
    /** Rows old enough that their label should be there, and how many of those have one. */
    mature: Count,
    matureLabelled: Count,
    newestAt: IsoTime.nullable(),
  }),
  /** The frozen reference in force; null while the model learns one. */
  reference: z.object({ id: z.string(), fingerprint: z.string(), rows: Count }).nullable(),
  toBeat: z.array(ToBeat),
  files: z.array(TrainingFile),
  /** Why a job may not get what it expects, in words. */
  problems: z.array(z.string()),
});
export type TrainingManifest = z.infer<typeof TrainingManifest>;

/** Rows left out because they are copies, in words: one text a stretch. */
export function copiesText({ copies = [] }: Pick<TrainingManifest, 'copies'>): readonly string[] {
  return copies.map(({ version, from, to }) => {
    const until = to === null ? '' : ` until ${utcText(new Date(to))}`;
    return `version ${version}${from === null ? '' : ` from ${utcText(new Date(from))}`}${until}`;
  });
}

/** A manifest as it was recorded for a run: what the request and the ledger name. */
export interface RecordedManifest {
  readonly manifest: TrainingManifest;
  readonly digest: string;
}
