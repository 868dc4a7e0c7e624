import { z } from 'zod';
import type { DestinationRef } from '../domain/delivery.js';
import type { Json } from '../domain/ledger-entry.js';
import { Regions, type Place } from '../domain/residency.js';
import { TEMPLATE_NAMES, unknownNames } from './job-template.js';

const Url = z.url({ protocol: /^https?$/, error: 'an http or https address' });
const Name = z.string().regex(/^[\w.-]+$/, 'letters, digits, dots, dashes');
const Secret = z.string().min(1);
/** A JSON tree whose leaves may name values of the run: `"{{ manifest.url }}"`. */
const Template = z
  .record(
    z.string(),
    z.custom<Json>((value) => value !== undefined),
  )
  .superRefine((template, context) => {
    for (const name of unknownNames(template))
      context.addIssue({
        code: 'custom',
        message: `{{ ${name} }} stands for nothing; there are ${TEMPLATE_NAMES.join(', ')}`,
      });
  });
/** What the job gets instead of the parameters that are documented. */
const parameters = Template.optional();
/** A token as it is, or in a file that something else renews, read at every request. */
const TOKEN = { token: Secret.optional(), tokenFile: Secret.optional() };
const oneToken = ({
  token,
  tokenFile,
}: {
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
}): boolean => (token === undefined) !== (tokenFile === undefined);
const ONE_TOKEN = 'give one of: token, tokenFile';

/** Regions that the job and what it writes lie in: what a model with a `residency` learns from goes only to those that lie in one of its own. */
const PLACE = { liesIn: Regions.optional() };

/** Where training runs are started. */
export const RetrainTarget = z.discriminatedUnion('kind', [
  /** A signed CloudEvent `io.tidewatch.retrain.requested.v1` to any receiver. */
  z.strictObject({
    kind: z.literal('webhook'),
    ...PLACE,
    url: Url,
    secret: z
      .string()
      .regex(
        /^(whsec_|whsk_)/,
        'has to start with whsec_ (base64 of 24 to 64 random bytes follows) or whsk_',
      ),
  }),
  /** Its API tokens last a day: a user with a password, or a file that something else renews, outlives a fixed one. */
  z
    .strictObject({
      kind: z.literal('airflow'),
      ...PLACE,
      url: Url,
      dag: Name,
      /** Of its REST API: 3 is `/api/v2`, 2 is `/api/v1`. */
      version: z.union([z.literal(2), z.literal(3)]).default(3),
      ...TOKEN,
      user: Secret.optional(),
      password: Secret.optional(),
      parameters,
    })
    .refine(
      ({ token, tokenFile, user, password }) =>
        [token, tokenFile, user ?? password].filter((one) => one !== undefined).length === 1 &&
        (user === undefined) === (password === undefined),
      'give one of: user and password, tokenFile, token',
    ),
  z.strictObject({
    kind: z.literal('github'),
    ...PLACE,
    url: Url.default('https://api.github.com'),
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
    event: z.string().min(1).max(100).default('retrain'),
    /** A workflow file: then that workflow is started, and its run can be followed. */
    workflow: Name.optional(),
    ref: z.string().min(1).default('main'),
    token: Secret,
    parameters,
  }),
  z.strictObject({
    kind: z.literal('databricks'),
    ...PLACE,
    url: Url,
    job: z.number().int().positive(),
    token: Secret,
    parameters,
  }),
  z
    .strictObject({
      kind: z.literal('argo'),
      ...PLACE,
      url: Url,
      namespace: Name,
      template: Name,
      ...TOKEN,
      parameters,
    })
    .refine(oneToken, ONE_TOKEN),
  z
    .strictObject({
      kind: z.literal('kubeflow'),
      ...PLACE,
      url: Url,
      pipeline: Name,
      pipelineVersion: Name.optional(),
      experiment: Name.optional(),
      pipelineRoot: z.string().optional(),
      serviceAccount: z.string().optional(),
      ...TOKEN,
      parameters,
    })
    .refine(oneToken, ONE_TOKEN),
  z.strictObject({
    kind: z.literal('sagemaker'),
    ...PLACE,
    region: Name,
    /** Left out: that of the region. */
    url: Url.optional(),
    pipeline: Name,
    accessKeyId: Secret,
    secretAccessKey: Secret,
    sessionToken: Secret.optional(),
    parameters,
  }),
  z
    .strictObject({
      kind: z.literal('vertex'),
      ...PLACE,
      project: Name,
      region: Name,
      url: Url.optional(),
      templateUri: z.string().min(1),
      outputDirectory: z.string().min(1),
      serviceAccount: z.string().optional(),
      ...TOKEN,
      parameters,
    })
    .refine(oneToken, ONE_TOKEN),
  z
    .strictObject({
      kind: z.literal('azure'),
      ...PLACE,
      url: Url.default('https://management.azure.com'),
      subscription: Name,
      resourceGroup: Name,
      workspace: Name,
      apiVersion: Name.default('2024-04-01'),
      /** `properties` of the job as Azure ML takes them. */
      job: Template,
      ...TOKEN,
    })
    .refine(oneToken, ONE_TOKEN),
]);
export type RetrainTarget = z.infer<typeof RetrainTarget>;
export type Orchestrator = Exclude<RetrainTarget, { kind: 'webhook' }>;
export type TargetOf<Kind extends RetrainTarget['kind']> = Extract<RetrainTarget, { kind: Kind }>;

/** Where a target lies; the region of a cloud counts by its name as well. */
export function placeOfTarget(target: RetrainTarget | undefined): Place {
  const said = target?.liesIn ?? [];
  const own = target && 'region' in target ? [target.region.toUpperCase()] : [];
  const all = [...said, ...own];
  return all.length === 0 ? null : all;
}

/** Where an orchestrator is reached, without a slash at the end. */
export function baseOf(target: RetrainTarget): string {
  return (target.url ?? regional(target)).replace(/\/+$/, '');
}

function regional(target: RetrainTarget): string {
  if (target.kind === 'sagemaker') return `https://api.sagemaker.${target.region}.amazonaws.com`;
  return target.kind === 'vertex' ? `https://${target.region}-aiplatform.googleapis.com` : '';
}

/** What the id of a destination that is a target starts with; its name follows. */
export const TARGET_ID = 'retrain:';

/** The target as the ledger may know it: its name, and an address without credentials. */
export function targetRef(name: string, target: RetrainTarget): DestinationRef {
  const { origin, pathname } = new URL(baseOf(target));
  return { id: `${TARGET_ID}${name}`, kind: 'retrain', address: `${target.kind} ${origin}${pathname}` };
}
