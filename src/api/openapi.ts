import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageFolder } from '../config/package-folder.js';
import { TrainingManifest } from '../retraining/manifest.js';
import { JobReport } from '../retraining/retraining.js';

type Operation = { readonly [key: string]: unknown };
type Method = 'get' | 'post';

const KEY = [{ key: [] }];
const RUN_OR_KEY = [{ run: [] }, { key: [] }];
const NOBODY: readonly never[] = [];

const json = (schema: object) => ({ 'application/json': { schema } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const refusal = (description: string) => ({ description, content: json(ref('Refusal')) });
const text = (description: string, type: string) => ({
  description,
  content: { [type]: { schema: { type: 'string' } } },
});
const inPath = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
});
const inQuery = (name: string, description: string) => ({
  name,
  in: 'query',
  required: false,
  description,
  schema: { type: 'string' },
});

const TOKEN = inPath('token', 'Of the mailbox, in the link');
const RUN = inPath('id', 'The run, `retraining_id` of its request');
const EVENTS = {
  required: true,
  description:
    'One event, an array of them, or a line each (NDJSON); gzip with Content-Encoding. `docs/events.md` has every field.',
  content: {
    'application/json': {
      schema: { oneOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' } }] },
    },
    'application/x-ndjson': { schema: { type: 'string' } },
  },
};

function intake(summary: string, requestBody: object = EVENTS): Operation {
  const repeatable = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'Makes a repetition of the same request harmless',
    schema: { type: 'string' },
  };
  return {
    summary,
    security: KEY,
    parameters: [repeatable],
    requestBody,
    responses: {
      200: {
        description: 'Stored. Events that could not be taken are listed, and kept as dead letters.',
        content: json(ref('Accepted')),
      },
      400: refusal('Not parseable at all'),
      401: refusal('No key, or not one of this service'),
      403: refusal('A key that may not send, or not events of this model or environment'),
      413: refusal('Larger than a request may be'),
      429: refusal('Too much at a time; Retry-After says when again'),
    },
  };
}

const CALLBACK: Operation = {
  summary: 'A training job reports about its run, as often as it likes',
  security: [{ run: [] }],
  parameters: [RUN],
  requestBody: { required: true, content: json(ref('JobReport')) },
  responses: {
    202: {
      description: 'Taken, or said before',
      content: json({ type: 'object', properties: { status: { type: 'string' } } }),
    },
    401: refusal('The token is not that of this run'),
    404: refusal('There is no such run'),
    409: refusal('A step back, or a second end that differs from the first; the run stays as it is'),
    422: refusal('Not such a report, or about another model or manifest; the message names the field'),
  },
};

const MANIFEST: Operation = {
  summary: 'What a run learns from; SHA-256 of these bytes is the digest in its request and in the ledger',
  security: RUN_OR_KEY,
  parameters: [RUN],
  responses: {
    200: { description: 'The manifest, in RFC 8785 form', content: json(ref('TrainingManifest')) },
    401: refusal('Neither the token of the run nor a key that may read'),
    404: refusal('There is no such run, or its request was not sent yet'),
  },
};

const FILE: Operation = {
  summary: 'A file that a manifest names; Range goes on with an interrupted download, ETag is its SHA-256',
  security: RUN_OR_KEY,
  parameters: [RUN, inPath('name', '`files[].name` of the manifest')],
  responses: {
    200: { description: 'The file', content: { 'application/vnd.apache.parquet': {}, 'text/csv': {} } },
    206: { description: 'The part that was asked for' },
    401: refusal('Neither the token of the run nor a key that may read'),
    404: refusal('The manifest names no such file'),
    410: refusal('The file is not kept any more (`keepFiles`)'),
  },
};

/** Which entries. */
const RANGE = [
  inQuery('first', 'Sequence number of the first entry'),
  inQuery('last', 'Sequence number of the last entry'),
  inQuery('older', 'Number of entries of an earlier export, for a proof that it is a beginning of this one'),
  inQuery('since', 'Instant, inclusive'),
  inQuery('until', 'Instant, exclusive'),
];
const EXPORT: Operation = {
  summary: 'The ledger as lines that `tidewatch audit verify FILE` checks offline',
  security: KEY,
  parameters: RANGE,
  responses: {
    200: text('NDJSON', 'application/x-ndjson'),
    400: refusal('There is no such range'),
    401: refusal('No key that may read'),
  },
};

const PACK: Operation = {
  ...EXPORT,
  summary: 'The ledger with policies, references, checkpoints and a verifier as one archive',
  parameters: [...RANGE, inQuery('model', 'Key of the model that entries are about')],
  responses: {
    200: text('A tar archive', 'application/x-tar'),
    400: refusal('There is no such range'),
    401: refusal('No key that may read'),
    409: refusal('The log is not the one that was signed'),
  },
};

const health = (summary: string, unavailable: string): Operation => ({
  summary,
  security: NOBODY,
  responses: {
    200: { description: 'It is', content: json({ type: 'object' }) },
    503: { description: unavailable },
  },
});
const open = (summary: string, type: string): Operation => ({
  summary,
  security: NOBODY,
  responses: { 200: text(summary, type) },
});

/** Every address beside GraphQL and the pages, by path and method. GraphQL describes itself at `/graphql/schema.graphql`. */
export const REST_PATHS: Readonly<Record<string, Partial<Record<Method, Operation>>>> = {
  '/v1/predictions': { post: intake('Predictions in') },
  '/v1/labels': { post: intake('Labels in') },
  '/v1/events': { post: intake('Both in; each event says its `type`') },
  '/v1/cloudevents': {
    post: intake('CloudEvents of model servers in', {
      required: true,
      content: { 'application/cloudevents+json': { schema: { type: 'object' } }, 'application/json': {} },
    }),
  },
  '/v1/callbacks/retrain/{id}': { post: CALLBACK },
  '/v1/retrainings/{id}/manifest': { get: MANIFEST },
  '/v1/retrainings/{id}/files/{name}': { get: FILE },
  '/v1/audit/export': { get: EXPORT },
  '/v1/audit/pack': { get: PACK },
  '/v1/registries/{name}/events': {
    post: {
      summary: 'Events of a registry of versions: webhooks of MLflow, signed by it',
      security: NOBODY,
      parameters: [inPath('name', 'Of the registry in the retraining file')],
      requestBody: { required: true, content: json({ type: 'object' }) },
      responses: {
        202: { description: 'Done, or nothing to do', content: json({ type: 'object' }) },
        400: refusal('No such event'),
        401: refusal('Not signed with the secret of this registry, or too old'),
        404: refusal('There is no such registry, or it maps no such model'),
        409: refusal('A move that is not legal, or that takes a person'),
        502: refusal('The registry cannot be asked about the version'),
      },
    },
  },
  '/v1/slack/interactions': {
    post: {
      summary: 'Clicks in Slack, signed by it',
      security: NOBODY,
      responses: { 200: { description: 'Taken' }, 401: refusal('Not signed by Slack, or too old') },
    },
  },
  '/v1/unsubscribe/{token}': {
    get: {
      ...open('The link in a mail: asks whether its mailbox is to be told nothing more', 'text/html'),
      parameters: [TOKEN],
    },
    post: {
      ...open('Takes the mailbox out (RFC 8058); whoever has the mail may', 'text/plain'),
      parameters: [TOKEN],
    },
  },
  '/v1/openapi.json': { get: open('This document', 'application/json') },
  '/schemas/approval.v1.json': {
    get: open('JSON Schema of what others have to agree to in webhooks', 'application/json'),
  },
  '/schemas/case.v1.json': { get: open('JSON Schema of cases in webhooks', 'application/json') },
  '/schemas/deadline.v1.json': { get: open('JSON Schema of what is due in webhooks', 'application/json') },
  '/schemas/digest.v1.json': { get: open('JSON Schema of digests in webhooks', 'application/json') },
  '/schemas/ledger.v1.json': {
    get: open('JSON Schema of what is wrong with the ledger in webhooks', 'application/json'),
  },
  '/schemas/test.v1.json': { get: open('JSON Schema of tests in webhooks', 'application/json') },
  '/schemas/training.v1.json': {
    get: open('JSON Schema of steps of trainings in webhooks', 'application/json'),
  },
  '/schemas/weekly.v1.json': {
    get: open('JSON Schema of the week in webhooks', 'application/json'),
  },
  '/graphql/schema.graphql': { get: open('The GraphQL API', 'text/plain') },
  '/health/live': { get: health('The process works', 'never answered') },
  '/health/ready': { get: health('The service can be sent requests', 'What is missing is named') },
  '/metrics': { get: open('Prometheus', 'text/plain') },
};

/** The REST doors as OpenAPI 3.1; schemas of bodies are those that the service itself reads them by. */
export function openApiDocument(): object {
  const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tidewatch',
      version,
      description:
        'Events in, training jobs, evidence out. Everything else is GraphQL: `/graphql/schema.graphql`.',
    },
    paths: REST_PATHS,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key of this service' },
        run: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token in the request of a run (`callback.token`); for that run alone',
        },
      },
      schemas: {
        JobReport: z.toJSONSchema(JobReport.strict(), { io: 'input' }),
        TrainingManifest: z.toJSONSchema(TrainingManifest, { io: 'output' }),
        Accepted: z.toJSONSchema(Accepted),
        Refusal: z.toJSONSchema(z.object({ code: z.string(), message: z.string() })),
      },
    },
  };
}

const Accepted = z.object({
  accepted: z.number().int(),
  rejected: z.array(z.object({ index: z.number().int(), code: z.string(), message: z.string() })),
});
