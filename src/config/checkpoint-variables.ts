import { z } from 'zod';
import { QUOTED } from '../domain/quoted.js';
import { Keep } from './keep-variables.js';
import { List, Url } from './value-schemas.js';

const WITNESS = /^(https?:\/\/\S+)\s+([^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+)$/u;

/** `URL KEY, URL KEY`: where checkpoints are submitted, and the key that cosigns. */
const WitnessList = List.transform((parts, context) =>
  parts.flatMap((part) => {
    const [, url, key] = WITNESS.exec(part) ?? [];
    if (url !== undefined && key !== undefined) return [{ url, key }];
    context.addIssue({ code: 'custom', ...QUOTED, message: `"${part}" is no witness: write its address, a blank and its key (name+keyid+base64)` });
    return [];
  }),
); // prettier-ignore

/** Who else has checkpoints of the ledger, so that nobody here can take them away or show others another log. */
export const CHECKPOINT_VARIABLES = {
  TIDEWATCH_CHECKPOINT_S3_URL: {
    schema: Url(['http', 'https']),
    help: 'bucket with object lock that they are put into too, in path style with a prefix: `https://s3.eu-central-1.amazonaws.com/bucket/prefix`',
  },
  TIDEWATCH_CHECKPOINT_S3_REGION: {
    schema: z.string().min(1),
    fallback: 'us-east-1',
    help: 'region that requests to that bucket are signed for',
  },
  TIDEWATCH_CHECKPOINT_S3_ACCESS_KEY: {
    schema: z.string().min(1),
    help: 'id of a key that may put objects with a retention, and nothing else',
  },
  TIDEWATCH_CHECKPOINT_S3_SECRET_KEY: {
    schema: z.string().min(1),
    secret: true,
    help: 'the secret of that key',
  },
  TIDEWATCH_CHECKPOINT_S3_SESSION_TOKEN: {
    schema: z.string().min(1),
    secret: true,
    help: 'session token, where that key is a temporary one',
  },
  TIDEWATCH_CHECKPOINT_S3_KEEP: {
    schema: Keep,
    fallback: '2555d',
    help: 'how long nobody can delete or replace a checkpoint there',
  },
  TIDEWATCH_LEDGER_NAME: {
    schema: z.string().regex(/^[^\s+]{1,200}$/u, 'no spaces and no plus signs'),
    fallback: 'tidewatch',
    help: 'name of the log in its checkpoints; a witness knows logs by it, so make it one of your own (`example.org/tidewatch`) before the first start',
  },
  TIDEWATCH_WITNESSES: {
    schema: WitnessList,
    fallback: '',
    help: 'witnesses that are asked to cosign published checkpoints (C2SP tlog-witness), with commas: address and key of each with a blank between',
  },
} as const;
