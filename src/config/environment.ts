import { z } from 'zod';
import { CHECKPOINT_VARIABLES } from './checkpoint-variables.js';
import { Keep, KEEP_VARIABLES } from './keep-variables.js';
import { SIGN_ON_VARIABLES } from './sign-on-variables.js';
import { StrongSecret } from './strong-secret.js';
import {
  ApprovalNumbers,
  Brokers,
  Certificates,
  Flag,
  Networks,
  OpenKey,
  PrivateKey,
  Proxies,
  RegionList,
  Span,
  Topic,
  TrustedLog,
  Url,
  Word,
} from './value-schemas.js';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const MINUTE = 60_000;
const count = z.coerce.number().int().min(1);

/** One variable: what it accepts and what it is for. The tables of README and docs are generated from this record. */
export interface Variable {
  readonly schema: z.ZodType;
  readonly help: string;
  readonly fallback?: string;
  /** May also come from a file named by `<NAME>_FILE`. */
  readonly secret?: true;
  /** By custom also written in small letters. */
  readonly anyCase?: true;
}

/** Every environment variable Tidewatch reads (contract section 2). */
export const VARIABLES = {
  PORT: {
    schema: z.coerce.number().int().min(0).max(65_535),
    fallback: '8080',
    help: 'port of the HTTP server; 0 takes a free one',
  },
  HOST: { schema: z.string().min(1), fallback: '127.0.0.1', help: 'address to listen on' },
  PUBLIC_URL: {
    schema: Url(['http', 'https']),
    help: 'where people reach this service, with the path it is mounted under; links in messages begin with it',
  },
  TIDEWATCH_DATA_DIR: {
    schema: z.string().min(1),
    fallback: './data',
    help: 'folder of the embedded engine, keys and progress',
  },
  TIDEWATCH_ADMIN_KEY: {
    schema: StrongSecret,
    secret: true,
    help: 'admin key of at least 32 characters; else generated and printed once',
  },
  ...SIGN_ON_VARIABLES,
  TIDEWATCH_MODELS_DIR: {
    schema: z.string().min(1),
    fallback: './models',
    help: 'model files (*.yaml), if the folder is there',
  },
  TIDEWATCH_POLICIES_DIR: {
    schema: z.string().min(1),
    fallback: './policies',
    help: 'policy files (*.yaml)',
  },
  TIDEWATCH_CHANNELS_FILE: {
    schema: z.string().min(1),
    fallback: './channels.yaml',
    help: 'which people and systems a channel name reaches, if the file is there',
  },
  TIDEWATCH_RETRAINING_FILE: {
    schema: z.string().min(1),
    fallback: './retraining.yaml',
    help: 'who retrains which model under which guard rails, if the file is there',
  },
  TIDEWATCH_CHECKPOINT_SINK: {
    schema: z.string().min(1),
    help: 'file that signed checkpoints of the ledger are appended to every hour, on a disk where this service cannot rewrite',
  },
  ...CHECKPOINT_VARIABLES,
  TIDEWATCH_LEDGER_KEY: {
    schema: PrivateKey,
    secret: true,
    help: 'Ed25519 private key (PEM) that the ledger is signed and authenticated with; else one that is made and kept in the data folder',
  },
  TIDEWATCH_LEDGER_KEY_COMMAND: {
    schema: z.string().min(1),
    help: 'command that prints that key, such as the client of a vault',
  },
  TIDEWATCH_LEDGER_TRUST: {
    schema: TrustedLog,
    help: '`<entries>:<root>` of a ledger that you vouch for as it is, for one start: after its key was lost or changed, or with entries that it refused',
  },
  TIDEWATCH_WEBHOOK_ALLOW: {
    schema: Networks,
    fallback: '',
    help: 'networks (CIDR) that webhooks may reach besides the public internet',
  },
  TIDEWATCH_REFERENCE_DIR: {
    schema: z.string().min(1),
    help: 'folder below which keys that are no admin may name reference files; else the folder `references` of the data folder, and the models folder',
  },
  TIDEWATCH_TRUSTED_PROXIES: {
    schema: Proxies,
    fallback: '',
    help: 'proxies in front (addresses, networks, `loopback`) whose X-Forwarded-For, -Proto and -Host are believed',
  },
  TIDEWATCH_KEEP_ALIVE: {
    schema: Span(5_000, 60 * MINUTE, 'from 5s to 60m'),
    fallback: '75s',
    help: 'how long an idle connection is kept; longer than the load balancer in front keeps it',
  },
  TIDEWATCH_DRAIN: {
    schema: Span(0, 10 * MINUTE, 'from 0s to 10m'),
    fallback: '3s',
    help: 'after SIGTERM, how long to go on while readiness says 503, so that a load balancer looks away first',
  },
  TIDEWATCH_STOP_WITHIN: {
    schema: Span(1_000, 60 * MINUTE, 'from 1s to 60m'),
    fallback: '30s',
    help: 'an orderly stop that takes longer is cut off; nothing stored is lost',
  },
  TIDEWATCH_GRACE: {
    schema: Span(2_000, 60 * MINUTE, 'from 2s to 60m'),
    fallback: '60s',
    help: 'the longest that a window stays open for rows that come behind later ones; how long it needs is learnt from each source',
  },
  TIDEWATCH_FALSE_ALERT_DAYS: {
    schema: z.coerce.number().positive(),
    fallback: '30',
    help: 'at most one false alert in this many days, for the whole fleet',
  },
  TIDEWATCH_REQUEST_EVENTS: {
    schema: count,
    fallback: '250000',
    help: 'events that one JSON array or batch may hold; NDJSON streams',
  },
  TIDEWATCH_DEAD_LETTERS_PER_HOUR: {
    schema: count,
    fallback: '100000',
    help: 'refused events that one API key may leave behind in an hour',
  },
  TIDEWATCH_DEAD_LETTER_BYTES_PER_HOUR: {
    schema: count,
    fallback: '1073741824',
    help: 'bytes of refused events kept of one topic, or of HTTP, in an hour; of more the first 256 bytes each',
  },
  TIDEWATCH_NEW_VERSIONS_PER_DAY: {
    schema: count,
    fallback: '100',
    help: 'new versions that a model may have in a day; events of more are dead letters',
  },
  TIDEWATCH_MAX_MODELS: {
    schema: count,
    fallback: '10000',
    help: 'models that may be registered over the API',
  },
  ...KEEP_VARIABLES,
  TIDEWATCH_REFUSE_ERASED: {
    schema: Keep,
    help: 'for how long events about a person who was erased are refused; for ever when unset',
  },
  TIDEWATCH_RECHECK: {
    schema: z.coerce.number().int().min(0).max(3600),
    fallback: '60',
    help: 'judged windows an hour whose stored rows and results are held against the ledger again; 0 for none',
  },
  TIDEWATCH_APPROVALS: {
    schema: ApprovalNumbers,
    fallback: '',
    help: 'how many other people must agree, where it is not as usual: `policy.high=1,baseline.medium=1` (docs/governance.md)',
  },
  TIDEWATCH_APPROVAL_EXPIRES: {
    schema: Span(60 * MINUTE, 365 * 24 * 60 * MINUTE, 'from 1h to 365d'),
    fallback: '7d',
    help: 'how long something waits for the yes of others; then it has to be asked anew',
  },
  TIDEWATCH_REGION: {
    schema: RegionList,
    help: 'where this service and its store lie, every name of it: `DE,EU`; models with a `residency` are taken only where it names one of theirs',
  },
  TIDEWATCH_REPLICA_NAME: {
    schema: z.string().min(1).max(100),
    help: 'what this process is called among those that share a ClickHouse server; else the name of the host',
  },
  TIDEWATCH_REPLICA_LEASE: {
    schema: Span(2_000, 10 * MINUTE, 'from 2s to 10m'),
    fallback: '6s',
    help: 'a process that is silent for longer is taken over by the others on the same ClickHouse server',
  },
  TIDEWATCH_SHARED_SECRET: {
    schema: StrongSecret,
    secret: true,
    help: 'seals the keys that processes on one ClickHouse server share; the same for all of them, at least 32 characters',
  },
  CLICKHOUSE_URL: {
    schema: Url(['http', 'https']),
    secret: true,
    help: 'ClickHouse server (`http://user:password@host:8123/database`); embedded chDB when unset',
  },
  CLICKHOUSE_CLUSTER: {
    schema: z.string().min(1),
    help: 'cluster name for ON CLUSTER and Replicated engines',
  },
  KAFKA_BROKERS: { schema: Brokers, help: '`host:9092,…`; no Kafka consumers when unset' },
  KAFKA_CLIENT: {
    schema: Word(['kafkajs', 'platformatic']),
    fallback: 'kafkajs',
    help: 'library that reads from Kafka: kafkajs, or platformatic (`@platformatic/kafka`, brokers from 3.0)',
  },
  KAFKA_PREDICTIONS_TOPIC: {
    schema: Topic,
    fallback: 'tidewatch.predictions',
    help: 'topic of predictions; /regex/ allowed',
  },
  KAFKA_LABELS_TOPIC: {
    schema: Topic,
    fallback: 'tidewatch.labels',
    help: 'topic of labels; /regex/ allowed',
  },
  KAFKA_GROUP_ID: { schema: z.string().min(1), fallback: 'tidewatch', help: 'consumer group' },
  KAFKA_SASL_MECHANISM: {
    schema: Word(['plain', 'scram-sha-256', 'scram-sha-512']),
    help: 'SASL mechanism: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512',
  },
  KAFKA_SASL_USERNAME: { schema: z.string().min(1), help: 'SASL user' },
  KAFKA_SASL_PASSWORD: { schema: z.string().min(1), secret: true, help: 'SASL password' },
  KAFKA_SSL: { schema: Flag, fallback: 'false', help: 'TLS to the brokers' },
  KAFKA_SSL_CA: { schema: Certificates, secret: true, help: 'certificate authority, PEM' },
  KAFKA_SSL_CERT: { schema: Certificates, secret: true, help: 'client certificate, PEM' },
  KAFKA_SSL_KEY: { schema: OpenKey, secret: true, help: 'client key, PEM' },
  SCHEMA_REGISTRY_URL: {
    schema: Url(['http', 'https']),
    help: 'Confluent schema registry, for Avro, Protobuf and JSON Schema messages',
  },
  SCHEMA_REGISTRY_USERNAME: { schema: z.string().min(1), help: 'user of the schema registry' },
  SCHEMA_REGISTRY_PASSWORD: {
    schema: z.string().min(1),
    secret: true,
    help: 'password of the schema registry',
  },
  SLACK_BOT_TOKEN: { schema: z.string().min(1), secret: true, help: 'bot token for Slack channels' },
  SLACK_SIGNING_SECRET: {
    schema: z.string().min(1),
    secret: true,
    help: 'verifies clicks that come back from Slack',
  },
  SLACK_API_URL: { schema: Url(['http', 'https']), help: 'another Slack API root' },
  SMTP_URL: { schema: Url(['smtp', 'smtps']), secret: true, help: '`smtp://user:password@host:587`' },
  SMTP_FROM: {
    schema: z.string().regex(/@[^@\s>]+>?$/, 'an address, or Name <address>'),
    fallback: 'Tidewatch <tidewatch@localhost>',
    help: 'sender of mails; its domain also names the mail threads',
  },
  SMTP_CA: { schema: Certificates, secret: true, help: 'certificate authority of the mail server, PEM' },
  SMTP_DKIM_KEY: {
    schema: OpenKey,
    secret: true,
    help: 'private key that mails are signed with (DKIM), PEM',
  },
  SMTP_DKIM_SELECTOR: {
    schema: z.string().regex(/^[a-z0-9._-]+$/i, 'letters, digits, dot, dash and underscore'),
    fallback: 'tidewatch',
    help: 'selector of the DKIM key, in the domain of SMTP_FROM',
  },
  HTTPS_PROXY: {
    schema: Url(['http', 'https']),
    secret: true,
    anyCase: true,
    help: 'proxy for https addresses: webhooks, Slack, orchestrators, schema registry',
  },
  HTTP_PROXY: {
    schema: Url(['http', 'https']),
    secret: true,
    anyCase: true,
    help: 'the same for http addresses',
  },
  NO_PROXY: {
    schema: z.string(),
    anyCase: true,
    help: 'hosts, `.domains`, addresses and networks that are reached without a proxy, or `*`',
  },
  LOG_LEVEL: { schema: z.enum(LEVELS), fallback: 'info', help: LEVELS.join(', ') },
  LOG_FORMAT: {
    schema: z.enum(['json', 'pretty', 'auto']),
    fallback: 'auto',
    help: '`json` lines, `pretty` lines that people read, or `auto`: pretty on a terminal',
  },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;
