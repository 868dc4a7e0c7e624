import { z } from 'zod';
import { Duration, Stretch } from '../domain/duration.js';
import { RETRAIN_MODES } from '../domain/retrain-message.js';
import { TRAINING_FORMATS } from './manifest.js';
import { RetrainTarget } from './target.js';
import { VersionRegistry } from './version-registry.js';

/** What a run learns from. Durations are milliseconds after parsing. */
const DATA_SETTINGS = {
  /** How far back it learns, from when it was asked for. */
  period: Stretch.prefault('90d'),
  /** Files of labelled rows that are written for a run; none where the job has data of its own. */
  files: z.array(z.enum(TRAINING_FORMATS)).default(['parquet']),
  /** How long the files of a run that ended are kept. */
  keepFiles: Duration.prefault('30d'),
  /** Protected attributes are for comparing groups; a model learns from them only where somebody says so. */
  protected: z.enum(['leave_out', 'include']).default('leave_out'),
};
const DataSettings = z.object(DATA_SETTINGS);
export type DataSettings = z.infer<typeof DataSettings>;

/** What must hold before a model is trained again by itself. Durations are milliseconds after parsing. */
export const RetrainSettings = z.strictObject({
  /** Name of the target that runs the training. */
  target: z.string(),
  mode: z.enum(RETRAIN_MODES).default('recommend'),
  ...DATA_SETTINGS,
  /** Between the end of one run and the next request; exactly this long is long enough. */
  notSoonerThan: Duration.prefault('24h'),
  /** Age of the newest run at which another is asked for without a cause; null for never. */
  atLeastEvery: Stretch.nullable().default(null),
  budget: z
    .strictObject({ runs: z.number().int().positive(), per: Stretch })
    .prefault({ runs: 3, per: '7d' }),
  /** New labelled rows since the last run that make training worth while. */
  minLabels: z.number().int().nonnegative().default(0),
  /** How long the newest rows wait for their labels, from their own time on: the run is told not to start sooner. */
  labelDelay: Duration.prefault('0s'),
  /** What follows when the version that a run made is surely better than the champion; a model of high risk always takes a person. */
  promote: z.enum(['advise', 'approve', 'auto']).default('advise'),
  /** How long the version that a run made may take to send its first row before somebody is asked. */
  servesWithin: Stretch.prefault('7d'),
  acceptedWithin: Stretch.prefault('15m'),
  finishedWithin: Stretch.prefault('6h'),
  /** Runs in a row that left their cause in place before a person must look. */
  futileRuns: z.number().int().positive().default(2),
});
export type RetrainSettings = z.infer<typeof RetrainSettings>;

/** Of a target or a registry; it stands in addresses. */
const Name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a name of lower-case letters, digits and dashes');

/** Everything an operator decides about retraining. `paused` stops all of it at once; `*` speaks for models not named. */
export const RetrainingGuards = z
  .strictObject({
    paused: z.boolean().default(false),
    targets: z.record(Name, RetrainTarget).default({}),
    models: z.record(z.string(), RetrainSettings).default({}),
    /** Registries of versions that tell of new ones. */
    registries: z.record(Name, VersionRegistry).default({}),
  })
  .superRefine(({ models, targets }, context) => {
    for (const [model, { target }] of Object.entries(models)) {
      if (target in targets) continue;
      context.addIssue({
        code: 'custom',
        path: ['models', model, 'target'],
        message: `there is no target "${target}"; there are: ${Object.keys(targets).join(', ') || 'none'}`,
      });
    }
  });
export type RetrainingGuards = z.infer<typeof RetrainingGuards>;

/** Nothing is set up: policies that ask for retraining are refused with that reason. */
export const NO_RETRAINING: RetrainingGuards = { paused: false, targets: {}, models: {}, registries: {} };

/** The settings of a model, its own or everybody's; null when nobody set any. */
export function settingsOf(guards: RetrainingGuards, model: string): RetrainSettings | null {
  return guards.models[model] ?? guards.models['*'] ?? null;
}

/** What a run of a model would learn from; the defaults where nothing is set up. */
export function dataSettingsOf(guards: RetrainingGuards, model: string): DataSettings {
  return settingsOf(guards, model) ?? DataSettings.parse({});
}
