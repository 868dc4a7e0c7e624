import type { Config } from '../config/config.js';
import { signOnSettings } from '../config/sign-on-settings.js';
import { Log } from '../telemetry/log.js';
import { looking, ok, warn, type Diagnosis } from './finding.js';
import { serviceUrl } from './locate.js';
import { SystemClock } from './system-clock.js';

/** Everything at the other end of a wire but the store; what is not configured is not looked for. */
export async function networkFindings(config: Config): Promise<readonly Diagnosis[]> {
  return Promise.all([kafka(config), smtp(config), slack(config), signOn(config)]);
}

async function kafka(config: Config): Promise<Diagnosis> {
  const { KAFKA_BROKERS: brokers } = config;
  if (brokers === undefined || brokers.length === 0)
    return ok('kafka', 'not used (KAFKA_BROKERS is not set)');
  const fix =
    'check KAFKA_BROKERS, KAFKA_SASL_* and KAFKA_SSL_*, and that the brokers advertise names this machine knows';
  return looking('kafka', fix, async () => {
    const { reachKafka } = await import('../ingest/kafka/reach-kafka.js');
    const found = await reachKafka(config, brokers, Log.silent());
    if (found.missing.length > 0)
      return warn(
        'kafka',
        `${found.brokers} brokers, but no topic ${found.missing.join(' and none ')}`,
        'create it, or set KAFKA_PREDICTIONS_TOPIC and KAFKA_LABELS_TOPIC',
      );
    return ok('kafka', `${found.brokers} brokers, topics are there`);
  });
}

async function smtp({ SMTP_URL: url, SMTP_CA: ca }: Config): Promise<Diagnosis> {
  if (url === undefined) return ok('smtp', 'not used (SMTP_URL is not set)');
  return looking(
    'smtp',
    'check host, port, user and password in SMTP_URL (smtps: for port 465)',
    async () => {
      const { reachSmtp } = await import('../notify/reach-smtp.js');
      await reachSmtp(url, ca);
      return ok('smtp', `${new URL(url).host} lets us in`);
    },
  );
}

async function slack({ SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl }: Config): Promise<Diagnosis> {
  if (token === undefined) return ok('slack', 'not used (SLACK_BOT_TOKEN is not set)');
  return looking(
    'slack',
    'check SLACK_BOT_TOKEN (it begins with xoxb-) and that the app is installed',
    async () => {
      const { reachSlack } = await import('../notify/reach-slack.js');
      const { team, user } = await reachSlack(token, apiUrl);
      return ok('slack', `${user} in ${team}`);
    },
  );
}

async function signOn(config: Config): Promise<Diagnosis> {
  const settings = signOnSettings(config);
  if (settings === null) return ok('sign-on', 'not used (TIDEWATCH_OIDC_ISSUER is not set)');
  const fix =
    'check TIDEWATCH_OIDC_ISSUER (it is written as in the tokens of the provider, without /.well-known), HTTPS_PROXY, and TIDEWATCH_WEBHOOK_ALLOW for a provider on a private network';
  return looking('sign-on', fix, async () => {
    const { providerOf } = await import('../open-access.js');
    const provider = providerOf({
      config,
      settings,
      baseUrl: config.PUBLIC_URL ?? serviceUrl(config),
      clock: new SystemClock(),
    });
    await provider.reach();
    const fewer = config.PUBLIC_URL === undefined ? ', PUBLIC_URL is not set' : '';
    return ok('sign-on', `${provider.host} answers; people come back to ${provider.redirectUri}${fewer}`);
  });
}
