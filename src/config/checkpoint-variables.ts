import { z } from 'zod';
import { Span, Url } from './value-schemas.js';

const DAY = 86_400_000;

/** A bucket that checkpoints of the ledger are put into, so that nobody here can take them away. */
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
    schema: Span(DAY, 36_500 * DAY, 'between 1d and 36500d'),
    fallback: '2555d',
    help: 'how long nobody can delete or replace a checkpoint there',
  },
} as const;
