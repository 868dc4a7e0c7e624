import type { Config } from '../config/config.js';
import { signOnSettings } from '../config/sign-on-settings.js';
import { Log } from '../telemetry/log.js';
import type { StartSurvey } from '../read-start.js';
import { isLed, slackIds, type ChannelLeads } from '../notify/channel-leads.js';
import { fail, looking, notLookedAt, ok, warn, type Diagnosis } from './finding.js';
import { serviceUrl } from './locate.js';
import { SystemClock } from './system-clock.js';

/** Everything at the other end of a wire but the store; what is not configured is not looked for. */
export async function networkFindings({ config, leads, wrong }: StartSurvey): Promise<readonly Diagnosis[]> {
  const unless = async (name: string, settings: RegExp, look: () => Promise<Diagnosis>) => {
    const unclear = [...wrong].filter((one) => settings.test(one));
    return unclear.length > 0 ? notLookedAt(name, unclear) : look();
  };
  return Promise.all([
    unless('kafka', /^KAFKA_/u, async () => kafka(config)),
    unless('smtp', /^SMTP_/u, async () => smtp(config, leads ?? {})),
    unless('slack', /^SLACK_/u, async () => slack(config, leads ?? {})),
    unless('sign-on', /^TIDEWATCH_OIDC_/u, async () => signOn(config)),
  ]);
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

/** Nobody set it: not used, unless a channel waits for it. */
function unset(name: string, setting: string, isWanted: boolean): Diagnosis {
  if (!isWanted) return ok(name, `not used (${setting} is not set)`);
  return fail(name, `${setting} is not set, but a channel needs it`, `set ${setting}`);
}

async function smtp({ SMTP_URL: url, SMTP_CA: ca }: Config, leads: ChannelLeads): Promise<Diagnosis> {
  if (url === undefined) return unset('smtp', 'SMTP_URL', isLed('email', leads));
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

async function slack(
  { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl }: Config,
  leads: ChannelLeads,
): Promise<Diagnosis> {
  if (token === undefined) return unset('slack', 'SLACK_BOT_TOKEN', isLed('slack', leads));
  return looking(
    'slack',
    'check SLACK_BOT_TOKEN (it begins with xoxb-) and that the app is installed',
    async () => {
      const { reachSlack } = await import('../notify/reach-slack.js');
      const { slackFaults } = await import('../notify/slack-channels.js');
      const { team, user } = await reachSlack(token, apiUrl);
      const faults = await slackFaults(token, apiUrl, slackIds(leads));
      const texts = [...faults].map(([channel, { code, error }]) => `${channel} (${code}): ${error}`);
      if (texts.length > 0) return fail('slack', texts.join('\n'), 'until then nobody there is told');
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
