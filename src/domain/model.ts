import { z } from 'zod';
import { lookAlike } from './look-alike.js';
import { Duration } from './duration.js';
import { Expectation } from './expectation.js';
import './schema-words.js';
import { Instant } from './instant.js';
import { Regions } from './residency.js';
import { isOneOrTwoKeys } from './segment-keys.js';
import { isTimezone } from './timezone.js';

export const MODEL_TASKS = ['binary', 'multiclass', 'regression'] as const;
export const MODEL_STAGES = [
  'registered',
  'shadow',
  'canary',
  'champion',
  'challenger',
  'retired',
  'suspended',
] as const;
export type ModelStage = (typeof MODEL_STAGES)[number];

/** Stages in which a version answers requests; those beside it are looked at, and are nobody's incident. */
export const ANSWERING: ReadonlySet<ModelStage> = new Set(['champion', 'canary', 'challenger']);
/** Stages in which a version is on trial: it is judged for whoever looks, never pages, never asks for training, takes no budget. */
export const ON_TRIAL: ReadonlySet<ModelStage> = new Set(['registered', 'shadow']);

/** What a row belongs to when it does not say. */
export const USUAL_ENVIRONMENT = 'production';

/** What a column of a table may hold beside features. */
export const TABLE_ROLES = [
  'prediction_id', 'model', 'model_version', 'environment', 'ts', 'prediction_label', 'prediction_score', 'prediction_value',
  'prediction_scores', 'actual_label', 'label_ts', 'status', 'latency_ms', 'subject',
] as const; // prettier-ignore

const Feature = z.strictObject({
  type: z.enum(['numeric', 'categorical', 'boolean']),
  unit: z.string().optional(),
  description: z.string().optional(),
  /** Share of the model's decisions this feature carries, 0 to 1; ranks causes. */
  importance: z.number().min(0).max(1).optional(),
  /** Where it comes from (a table, a topic, a system): a fault in the data of one feature explains drift of others from there. */
  source: z.string().min(1).max(200).optional(),
});
export type Feature = z.infer<typeof Feature>;

/** Where the reference data of a baseline comes from: a file, a past period, or the first days of traffic. */
export const BaselineSource = z.union([
  z.strictObject({
    file: z.string().min(1),
    timestamp: z.string().optional(),
    /** Which column holds what, where its name does not say it: a part of the event, a feature: `{ actual_label: target, age: Alter }`. */
    columns: z.record(z.string().min(1), z.string().min(1)).optional(),
    /** Zone of times that do not say theirs; left out: UTC. */
    timezone: z.string().refine(isTimezone, 'not an IANA time zone').optional(),
  }),
  z.strictObject({
    since: Instant,
    until: Instant,
    /** Stretches of the period that are left out, half-open: when the data were faulty. */
    exclude: z.array(z.strictObject({ from: Instant, to: Instant })).optional(),
    /** Only rows that this version answered; left out, those of every version. */
    version: z.string().min(1).optional(),
    /** Only what went into the model: another version answered then. */
    inputsOnly: z.boolean().optional(),
  }),
  z.strictObject({ learn: Duration }),
]);
export type BaselineSource = z.infer<typeof BaselineSource>;
/** A past period of stored rows. */
export type BaselinePeriod = Extract<BaselineSource, { since: Date }>;

const isAmong = (classes: readonly string[] | undefined, label: string | undefined) =>
  classes === undefined || label === undefined || classes.includes(label);
const NOT_AMONG = (field: string) => ({
  path: [field],
  message: 'is none of `classes`: write it as it is listed there',
});

/** A date that exists, or a day of every year that does. */
const CalendarDay = z
  .string()
  .regex(/^(\d{4}-)?\d{2}-\d{2}$/, 'a date such as 2026-12-28, or a day of every year such as 12-24')
  .refine((day) => isDate(day.length === 5 ? `2024-${day}` : day), 'there is no such day');

function isDate(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === date;
}

const Level = z.enum(['low', 'medium', 'high']);
const MINUTE = 60_000;

/** Whose a model is that names no owner. */
const UNOWNED = 'unowned';

const SegmentKeys = z
  .string()
  .min(1)
  .refine(isOneOrTwoKeys, 'is one key, or two different ones such as `channel & region`');

/**
 * A model as its owner describes it (contract section 7); everything but `key` and `task` has a default.
 * Durations are milliseconds after parsing.
 */
export const Model = z
  .strictObject({
    key: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'letters, digits, dot, dash and underscore, at most 128'),
    task: z.enum(MODEL_TASKS),
    name: z.string().optional(),
    positive: z.string().optional(),
    /** All labels there are: one that is none of them is refused by name. Left out, any label is taken. */
    classes: z
      .array(z.string().regex(/^[^\p{Cc}]+$/u, 'no control characters, and not empty'))
      .min(2)
      .refine((names) => new Set(names).size === names.length, 'lists a class twice')
      .optional(),
    owner: z.string().default(UNOWNED),
    purpose: z.string().optional(),
    /** The team that the owner answers for it with. */
    team: z.string().min(1).optional(),
    /** Where the people live that it decides about: countries, states, unions. */
    jurisdictions: z.array(z.string().min(1)).min(1).max(100).optional(),
    /** Somebody else made it, and its operator has it from them. */
    thirdParty: z.boolean().optional(),
    /** Regions in one of which its data has to stay; left out, it may lie anywhere. */
    residency: Regions.optional(),
    window: Duration.refine(
      (ms) => ms >= MINUTE && ms <= 1440 * MINUTE && ms % MINUTE === 0,
      'whole minutes from 1m to 1d',
    ).prefault('1h'),
    timezone: z.string().refine(isTimezone, 'not an IANA time zone').default('UTC'),
    features: z.record(z.string(), Feature).default({}),
    /** What must hold of every row, judged beside what the reference taught; frozen with it. */
    expectations: z.array(Expectation).max(100).default([]),
    /** Keys of the events' `segment`, or names of categorical features, whose values are watched by themselves; of two joined by ` & `, their pairs of values. */
    segments: z.array(SegmentKeys).max(10).default([]),
    /** Rows of these environments are the model's; others are stored, and neither summarised nor judged. */
    environments: z.array(z.string().min(1)).min(1).default([USUAL_ENVIRONMENT]),
    protected: z.array(z.string()).default([]),
    /** The label that is good for the person concerned; `positive` where it is not said. Fairness compares who gets it. */
    favourable: z.string().optional(),
    labels: z.strictObject({ expectedWithin: Duration.prefault('30d') }).prefault({}),
    /** A classifier that tells windows from the reference, feature by feature together; left out, for windows of an hour and longer. */
    multivariate: z.strictObject({ classifier: z.boolean().optional() }).prefault({}),
    /**
     * P-values as ranks among the reference windows, which assume no shape of the noise and cost about three windows on large changes; left out,
     * for series with a long memory only.
     */
    strict: z.boolean().optional(),
    /**
     * The longest season the data can have. A reference that is shorter cannot know it: its series raise notices and never page. `day` and `none`
     * say that weekdays, or hours too, are alike.
     */
    season: z.enum(['week', 'day', 'none']).default('week'),
    /**
     * Days that are like Sundays, whatever weekday they fall on: the public holidays of a country (`DE`, and a region of it, `BE`), and own dates
     * (`2026-12-28`) or days of every year (`12-24`). Left out, a day that behaves like another weekday is a notice.
     */
    calendar: z
      .strictObject({
        country: z.string().optional(),
        region: z.string().optional(),
        days: z.array(CalendarDay).max(1000).default([]),
      })
      .optional(),
    /** Accepted event time: from `past` back to `future` ahead of the clock. */
    accepts: z.strictObject({ past: Duration.prefault('90d'), future: Duration.prefault('1h') }).prefault({}),
    /** How long after the watermark a late row still re-opens its window. */
    lateness: Duration.prefault('90d'),
    /** For how long its data is kept, where it differs from the settings of the service. */
    keep: z
      .strictObject({
        events: Duration.optional(),
        summaries: Duration.optional(),
        results: Duration.optional(),
      })
      .prefault({}),
    risk: z
      .strictObject({
        impact: Level.default('medium'),
        frequency: Level.default('medium'),
        /** Who assessed it, and the day by which it is to be reviewed. */
        assessor: z.string().min(1).optional(),
        reviewBy: z.iso.date().optional(),
      })
      .prefault({}),
    /** How people watch it beside what is watched by itself: what they look at, how often, and who. */
    monitoringPlan: z
      .strictObject({
        metrics: z.array(z.string().min(1)).min(1).max(100),
        every: Duration.refine((ms) => ms >= 60 * MINUTE, 'at least 1h'),
        /** Left out: the owner. */
        responsible: z.string().min(1).optional(),
      })
      .optional(),
    baseline: BaselineSource.optional(),
    /** What a reference watches at most; what is beyond is named. `categories`: of one feature, beside the thirty most frequent. */
    limits: z
      .strictObject({
        features: z.number().int().min(1).max(5000).default(600),
        categories: z.number().int().min(0).max(10_000).default(1000),
        /** Unknown feature names of a window that are told one by one. */
        unknownNames: z.number().int().min(0).max(1000).default(200),
      })
      .prefault({}),
    /** What answers cost, in one currency: by cell (binary), by pair of classes or per mistake (multiclass), by unit of absolute error (regression). */
    costs: z
      .strictObject({
        currency: z.string().regex(/^[A-Z]{3}$/, 'three capital letters, such as EUR'),
        falsePositive: z.number().default(0),
        falseNegative: z.number().default(0),
        truePositive: z.number().default(0),
        trueNegative: z.number().default(0),
        /** Several classes: cost by true class, then by answered class. */
        matrix: z.record(z.string(), z.record(z.string(), z.number())).optional(),
        mistake: z.number().default(0),
        absoluteError: z.number().min(0).optional(),
      })
      .optional(),
    /** Targets of the watched service; left out, it is judged against the reference. */
    service: z
      .strictObject({
        latencyP95Ms: z.number().positive().optional(),
        errorRate: z.number().min(0).max(1).optional(),
      })
      .prefault({}),
    /** How a foreign wire format maps to this model (ingest/formats). */
    format: z.record(z.string(), z.unknown()).optional(),
  })
  .refine((model) => model.task !== 'binary' || model.positive !== undefined, {
    path: ['positive'],
    message: 'a binary model names the label whose probability `score` is, e.g. positive: bad',
  })
  .refine(({ task, classes }) => task !== 'regression' || classes === undefined, {
    path: ['classes'],
    message: 'a regression has no classes: leave it out',
  })
  .refine(({ classes, positive }) => isAmong(classes, positive), NOT_AMONG('positive'))
  .refine(({ classes, favourable }) => isAmong(classes, favourable), NOT_AMONG('favourable'))
  .superRefine((model, context) => {
    const [stray] = strayClasses(model);
    const path = ['costs', 'matrix'];
    if (stray !== undefined)
      context.addIssue({ code: 'custom', path, message: strayText(stray, model.classes) });
  })
  .refine(({ task, costs }) => task !== 'regression' || !costs || costs.absoluteError !== undefined, {
    path: ['costs', 'absoluteError'],
    message: 'a regression costs by its error: write what a unit of absolute error costs',
  });
export type Model = z.infer<typeof Model>;

/** Classes in the costs of a model that its classes do not have; none where it names no classes. */
function strayClasses({ classes, costs }: { readonly classes?: readonly string[] | undefined; readonly costs?: { readonly matrix?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined } | undefined }): string[] {
  if (!classes) return [];
  const named = Object.entries(costs?.matrix ?? {}).flatMap(([actual, by]) => [actual, ...Object.keys(by)]);
  return [...new Set(named)].filter((name) => !classes.includes(name));
} // prettier-ignore
function strayText(stray: string, classes: readonly string[] = []): string {
  const meant = lookAlike(stray, classes);
  return `"${stray}" is none of \`classes\` (${classes.join(', ')})${meant === null ? '' : `; did you mean "${meant}"?`}`;
}
/** What a person writes, before defaults. */
export type ModelFile = z.input<typeof Model>;

/** Somebody answers for it. */
export function hasOwner({ owner }: Model): boolean {
  return owner !== UNOWNED && owner.trim() !== '';
}

/** The day by which its risk was to be reviewed is over (UTC). */
export function isReviewOverdue({ risk }: Model, now: Date): boolean {
  return risk.reviewBy !== undefined && risk.reviewBy < now.toISOString().slice(0, 10);
}

/** From the lowest risk to the highest. */
export const RISK_TIERS = ['LOW', 'MEDIUM', 'HIGH'] as const;
export type RiskTier = (typeof RISK_TIERS)[number];
/** Points of an impact or a frequency. */
export const RISK_SCORE = { low: 1, medium: 2, high: 3 } as const;

/** Risk tier = impact × frequency on a 3 × 3 grid: 6 or more is high, 3 or more medium. */
export function riskTier(risk: Model['risk']): RiskTier {
  const score = RISK_SCORE[risk.impact] * RISK_SCORE[risk.frequency];
  return score >= 6 ? 'HIGH' : score >= 3 ? 'MEDIUM' : 'LOW';
}

/** The highest of some tiers; the lowest there is where there are none. */
export function highestTier(tiers: readonly RiskTier[]): RiskTier {
  return tiers.includes('HIGH') ? 'HIGH' : tiers.includes('MEDIUM') ? 'MEDIUM' : 'LOW';
}

/** Names under which rows of the model's environments are stored: production was left blank before rows said where they belong. */
export function environmentNames({ environments }: Pick<Model, 'environments'>): readonly string[] {
  return environments.includes(USUAL_ENVIRONMENT) ? [...environments, ''] : environments;
}
