import { z } from 'zod';
import { CHECKS, CHECK_STATES } from '../domain/check-result.js';
import { Detector } from '../domain/detector.js';
import { Duration } from '../domain/duration.js';
import { SEVERITIES } from '../domain/incident.js';

/** A CEL expression as written; load.ts checks its names and types. */
const Expression = z.string().trim().min(1).max(1000);
const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'lower-case letters, digits, dash and underscore, at most 64');
const Severity = z.enum(SEVERITIES);
const Runbook = z.url({ protocol: /^https?$/, error: 'an http or https address' });
const Count = z.number().int().min(1).max(1000);

/**
 * How long a condition must hold: `windows` breaches among the newest `of` windows that could be judged (`of` = `windows` unless said).
 * A window that could not be judged is passed over (`hold`) or starts the count again (`reset`).
 */
const Persistence = z
  .strictObject({
    windows: Count.default(1),
    of: Count.optional(),
    gaps: z.enum(['hold', 'reset']).default('hold'),
  })
  .refine((wanted) => wanted.windows <= (wanted.of ?? wanted.windows) && (wanted.of ?? 1) <= 64, {
    path: ['of'],
    message: 'is at least `windows` and at most 64',
  });

const Level = z.strictObject({
  severity: Severity,
  /** Added to the rule's own `when`; leave it out to take the rule's alone. */
  when: Expression.optional(),
  for: Persistence.prefault({}),
  channels: z.array(Name).optional(),
  retrain: z.boolean().optional(),
});

const Blind = z.strictObject({
  windows: Count.default(6),
  severity: Severity.default('warning'),
  states: z
    .array(z.enum(['INDETERMINATE', 'INSUFFICIENT']))
    .min(1)
    .default(['INDETERMINATE']),
});

/** What is said of a model as a whole: how long it may go unjudged, and who hears of that, of labels nobody can use and of clocks that are off. */
const Unjudged = z.strictObject({
  after: Duration.prefault('3d'),
  severity: Severity.default('warning'),
  channels: z.array(Name).default(['default']),
});

/** A rule of a detector is about its alarms where it says nothing else. */
function isAnswered({ when, detector }: { readonly when?: unknown; readonly detector?: unknown }): boolean {
  return when !== undefined || detector !== undefined;
}

const Rule = z
  .strictObject({
    id: Name,
    description: z.string().optional(),
    /** Where it stands what to do about what the rule finds; messages link to it. */
    runbook: Runbook.optional(),
    /** What the rule is about; an empty list means every one. `features` and `segments` (`key=value`) may end in `*`. */
    checks: z.array(z.enum(CHECKS)).default([]),
    features: z.array(z.string().min(1)).default([]),
    segments: z.array(z.string().min(1)).default([]),
    statistics: z.array(z.string().min(1)).default([]),
    /** Reads the errors of labelled rows one by one; the rule is about what it finds. */
    detector: Detector.optional(),
    when: Expression.optional(),
    /** Results on fewer rows are not judged: they hold. */
    minRows: z.number().int().min(0).default(0),
    levels: z.array(Level).min(1).max(8),
    /** When an incident may end; without `when`: as soon as no level's condition holds. */
    clear: z
      .strictObject({
        when: Expression.optional(),
        for: z.strictObject({ windows: Count.default(3) }).prefault({}),
      })
      .prefault({}),
    /** After so many windows without an answer the rule says that it cannot see; `false` where another rule says it already. */
    blind: z.union([z.literal(false), Blind]).prefault({}),
    channels: z.array(Name).default([]),
    retrain: z.boolean().default(false),
  })
  .refine((rule) => isAnswered(rule) || rule.levels.every((level) => level.when !== undefined), {
    path: ['when'],
    message: 'is missing: a rule needs a `when`, or one at each of its levels',
  })
  .refine(
    ({ detector, checks, features, statistics }) =>
      detector === undefined ||
      (checks.every((check) => check === 'concept_drift') && features.length + statistics.length === 0),
    {
      path: ['detector'],
      message:
        'is about errors by label, which is the check concept_drift: leave `checks`, `features` and `statistics` out',
    },
  );
export type PolicyRule = z.infer<typeof Rule>;

/** One window of a test: a bare number is the value, null a window that could not be computed. */
const GivenWindow = z.union([
  z.number(),
  z.null(),
  z.strictObject({
    state: z.enum(CHECK_STATES).optional(),
    value: z.number().nullable().optional(),
    effect: z.number().nullable().optional(),
    evidence: z.number().nullable().optional(),
    n: z.number().int().min(0).optional(),
    /** So many of these in a row. */
    times: z.number().int().min(1).max(200).default(1),
  }),
]);

const Test = z.strictObject({
  name: z.string().min(1),
  given: z.strictObject({
    check: z.enum(CHECKS),
    feature: z.string().nullable().default(null),
    segment: z.string().min(1).optional(),
    statistic: z.string().default('test'),
    model: z
      .strictObject({
        key: z.string(),
        task: z.string(),
        owner: z.string(),
        riskTier: z.enum(['LOW', 'MEDIUM', 'HIGH']),
      })
      .partial()
      .default({}),
    /** Oldest first; the expectation is about the last. */
    windows: z.array(GivenWindow).min(1).max(200),
  }),
  expect: z.strictObject({
    /** `none`: the last window is no breach. */
    severity: z.enum([...SEVERITIES, 'none']),
    outcome: z.enum(['breach', 'elevated', 'clear', 'hold', 'silent']).optional(),
    retrain: z.boolean().optional(),
    channels: z.array(z.string()).optional(),
  }),
});
export type PolicyTest = z.infer<typeof Test>;

/** One policy file as a person writes it; `version` rises with every change of meaning. */
export const Policy = z.strictObject({
  apiVersion: z.literal('tidewatch/v1'),
  kind: z.literal('Policy'),
  metadata: z.strictObject({
    id: Name,
    owner: z.string().min(1),
    version: z.number().int().min(1),
    description: z.string().default(''),
    legalBasis: z.array(z.string()).default([]),
    /** For rules that name none of their own. */
    runbook: Runbook.optional(),
  }),
  spec: z.strictObject({
    /** CEL over `model`; without it the policy is about every model. */
    appliesTo: Expression.optional(),
    /** `warn`: at most a warning and never a retraining. `dryrun`: recorded as what would have been, opens nothing. */
    enforcement: z.enum(['enforce', 'warn', 'dryrun']).default('enforce'),
    /** What a rule does that could not be computed for `blind.windows`: raise it, or only keep what is open. */
    onIndeterminate: z.enum(['alert', 'hold']).default('alert'),
    /** `false` where another policy says it already. */
    unjudged: z.union([z.literal(false), Unjudged]).prefault({}),
    rules: z.array(Rule).min(1).max(200),
    tests: z.array(Test).default([]),
  }),
});
export type Policy = z.infer<typeof Policy>;
