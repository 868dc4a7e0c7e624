import { ConfigError, type Config, type SettingProblem } from './config/config.js';
import { proxiesOf } from './config/proxies.js';
import type { CheckpointSink } from './ledger/checkpoint-history.js';
import { isVerifierKey } from './ledger/checkpoint.js';
import { WITNESS_KEY } from './ledger/cosignature.js';
import type { Ledger } from './ledger/ledger.js';
import type { Witnesses } from './ledger/witnesses.js';
import { HttpSender } from './notify/http-sender.js';
import { AskedWitnesses } from './pipeline/ask-witnesses.js';
import { S3Checkpoints } from './pipeline/s3-checkpoints.js';

/** Where checkpoints are published beside files, as the settings say. */
export function checkpointSinks(config: Config): readonly CheckpointSink[] {
  const { TIDEWATCH_CHECKPOINT_S3_URL: url, TIDEWATCH_CHECKPOINT_S3_ACCESS_KEY: accessKeyId } = config;
  if (url === undefined || accessKeyId === undefined) return [];
  const key = () => ({
    accessKeyId,
    // As it is now: a file may hold another by then.
    secretAccessKey: config.TIDEWATCH_CHECKPOINT_S3_SECRET_KEY ?? '',
    sessionToken: config.TIDEWATCH_CHECKPOINT_S3_SESSION_TOKEN,
  });
  const { TIDEWATCH_CHECKPOINT_S3_REGION: region, TIDEWATCH_CHECKPOINT_S3_KEEP: keepMs } = config;
  return [new S3Checkpoints({ url, region, key, keepMs }, senderOf(config))];
}

/** What is wrong with the keys of witnesses, which the form alone does not show. */
export function witnessProblems({ TIDEWATCH_WITNESSES: witnesses }: Config): readonly SettingProblem[] {
  const wrong = witnesses.filter(({ key }) => !isVerifierKey(key, WITNESS_KEY));
  return wrong.map(({ key }) => ({
    names: ['TIDEWATCH_WITNESSES'],
    text: `TIDEWATCH_WITNESSES: ${key} is no key for cosignatures (kind 4), or its id does not belong to it`,
  }));
}

/** Who is asked to cosign checkpoints, as the settings say; undefined where nobody is. Throws ConfigError for a key that no witness has. */
export function witnessesOf(
  config: Config,
  log: () => Pick<Ledger, 'tree' | 'refresh'>,
): Witnesses | undefined {
  const { TIDEWATCH_WITNESSES: witnesses } = config;
  if (witnesses.length === 0) return undefined;
  const problems = witnessProblems(config);
  if (problems.length > 0) throw new ConfigError(problems.map(({ text }) => text));
  return new AskedWitnesses(witnesses, log, senderOf(config));
}

/** Three exchanges at most before a stop, which waits for them. */
const SINK_DEADLINE_MS = 4_000;

function senderOf(config: Config): HttpSender {
  const reach = { allow: config.TIDEWATCH_WEBHOOK_ALLOW, proxies: proxiesOf(config) };
  return new HttpSender({ ...reach, deadlineMs: SINK_DEADLINE_MS });
}
