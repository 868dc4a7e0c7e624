import type { Config } from './config/config.js';
import { proxiesOf } from './config/proxies.js';
import type { CheckpointSink } from './ledger/checkpoint-history.js';
import { HttpSender } from './notify/http-sender.js';
import { S3Checkpoints } from './pipeline/s3-checkpoints.js';

/** Where checkpoints are published beside files, as the settings say. */
export function checkpointSinks(config: Config): readonly CheckpointSink[] {
  const { TIDEWATCH_CHECKPOINT_S3_URL: url, TIDEWATCH_CHECKPOINT_S3_ACCESS_KEY: accessKeyId } = config;
  if (url === undefined || accessKeyId === undefined) return [];
  const http = new HttpSender({ allow: config.TIDEWATCH_WEBHOOK_ALLOW, proxies: proxiesOf(config) });
  const key = () => ({
    accessKeyId,
    // As it is now: a file may hold another by then.
    secretAccessKey: config.TIDEWATCH_CHECKPOINT_S3_SECRET_KEY ?? '',
    sessionToken: config.TIDEWATCH_CHECKPOINT_S3_SESSION_TOKEN,
  });
  const { TIDEWATCH_CHECKPOINT_S3_REGION: region, TIDEWATCH_CHECKPOINT_S3_KEEP: keepMs } = config;
  return [new S3Checkpoints({ url, region, key, keepMs }, http)];
}
