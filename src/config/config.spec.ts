import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig, readSettings } from './config.js';
import { VARIABLES } from './environment.js';
import { startWarnings } from './start-warnings.js';

describe('parseConfig', () => {
  it('gives the defaults of the contract for an empty environment', () => {
    const config = parseConfig({});
    expect(config).toMatchObject({
      PORT: 8080,
      HOST: '127.0.0.1',
      TIDEWATCH_DATA_DIR: './data',
      KAFKA_GROUP_ID: 'tidewatch',
    });
    expect(config.CLICKHOUSE_URL).toBeUndefined();
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('reports every wrong variable at once, by name', () => {
    const start = () =>
      parseConfig({
        PORT: 'eighty',
        CLICKHOUSE_URL: 'ftp://user:hunter2@host',
        LOG_LEVEL: 'loud',
        TIDEWATCH_DATADIR: 'x',
      });
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(
      /PORT:[\s\S]*CLICKHOUSE_URL:[\s\S]*LOG_LEVEL:[\s\S]*TIDEWATCH_DATADIR: no such setting/,
    );
    expect(start).not.toThrow(/hunter2/);
  });

  it('reads a secret from a file, and refuses both forms together', () => {
    const files: Record<string, string> = { '/run/key': 'a-very-long-admin-key-0123456789\n' };
    const read = (path: string) => files[path] ?? '';
    expect(parseConfig({ TIDEWATCH_ADMIN_KEY_FILE: '/run/key' }, read).TIDEWATCH_ADMIN_KEY).toBe(
      'a-very-long-admin-key-0123456789',
    );
    expect(() => parseConfig({ SMTP_URL: 'smtp://h', SMTP_URL_FILE: '/run/key' }, read)).toThrow(/not both/);
  });

  it('reads a secret of a file again whenever it is asked for, and keeps the last that could be used', () => {
    let content: string | null = 'smtp://u:old@mail.example.org';
    const read = () => {
      if (content === null) throw new Error('being replaced');
      return content;
    };
    const config = parseConfig({ SMTP_URL_FILE: '/run/mail' }, read);
    content = 'smtp://u:new@mail.example.org\n';
    expect(config.SMTP_URL).toBe('smtp://u:new@mail.example.org');
    for (content of [null, '', 'no address']) expect(config.SMTP_URL).toBe('smtp://u:new@mail.example.org');
  });

  it('names what is missing of SASL', () => {
    expect(() => parseConfig({ KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_MECHANISM: 'plain' })).toThrow(
      /KAFKA_SASL_PASSWORD: missing/,
    );
  });

  it('splits lists', () => {
    expect(parseConfig({ KAFKA_BROKERS: 'a:9092, b:9092' }).KAFKA_BROKERS).toEqual(['a:9092', 'b:9092']);
  });

  it('lets variables be that Kubernetes and Docker put there for a service called tidewatch', () => {
    const linked = {
      TIDEWATCH_PORT: 'tcp://10.96.0.12:8080',
      TIDEWATCH_SERVICE_HOST: '10.96.0.12',
      TIDEWATCH_SERVICE_PORT: '8080',
      TIDEWATCH_SERVICE_PORT_HTTP: '8080',
      TIDEWATCH_PORT_8080_TCP: 'tcp://10.96.0.12:8080',
      TIDEWATCH_PORT_8080_TCP_PROTO: 'tcp',
      TIDEWATCH_PORT_8080_TCP_PORT: '8080',
      TIDEWATCH_PORT_8080_TCP_ADDR: '10.96.0.12',
      TIDEWATCH_UI_SERVICE_HOST: '10.96.0.13',
      TIDEWATCH_UI_PORT: 'tcp://10.96.0.13:80',
      TIDEWATCH_ENV_NODE_VERSION: '24',
      TIDEWATCH_NAME: '/web/tidewatch',
    };
    const config = parseConfig(linked);
    expect(startWarnings(linked, config)).toEqual([expect.stringContaining('enableServiceLinks')]);
  });

  it("leaves alone what is the command line's own", () => {
    const environment = { TIDEWATCH_URL: 'http://tidewatch.example.org' };
    expect(startWarnings(environment, parseConfig(environment))).toEqual([]);
  });

  it.each([
    ['TIDEWATCH_PORT', '8080', 'PORT'],
    ['TIDEWATCH_NAME', 'mine', null],
    ['TIDEWATCH_MODEL_DIR', './m', 'TIDEWATCH_MODELS_DIR'],
    ['TIDEWATCH_POLICY_DIR', './p', 'TIDEWATCH_POLICIES_DIR'],
    ['TIDEWATCH_CHANNEL_FILE', './c', 'TIDEWATCH_CHANNELS_FILE'],
    ['TIDEWATCH_DATADIR', './d', 'TIDEWATCH_DATA_DIR'],
    ['TIDEWATCH_SMTP_URL', 'smtp://h', 'SMTP_URL'],
  ])('still refuses %s=%s and says what was meant', (name, value, meant) => {
    const hint =
      meant === null ? 'no such setting (docs/configuration.md' : `no such setting; did you mean ${meant}?`;
    expect(() => parseConfig({ [name]: value })).toThrow(`${name}: ${hint}`);
  });

  it('warns of a near miss in a name that others may own', () => {
    const environment = { KAFKA_BROKER: 'a:9092', KAFKA_HEAP_OPTS: '-Xmx1g', SLACK_TOKEN: 'x' };
    const warnings = startWarnings(environment, parseConfig(environment));
    expect(warnings).toEqual(['KAFKA_BROKER: nobody reads it; did you mean KAFKA_BROKERS?']);
  });

  it('warns when links would lead nowhere', () => {
    const warnings = (environment: Record<string, string>) =>
      startWarnings(environment, parseConfig(environment));
    expect(warnings({ HOST: '0.0.0.0' })).toEqual([expect.stringContaining('PUBLIC_URL is not set')]);
    expect(warnings({ HOST: '0.0.0.0', PUBLIC_URL: 'https://tidewatch.example.org' })).toEqual([]);
    expect(warnings({})).toEqual([]);
  });

  it('recognises a password that was not percent-encoded, and says none of it', () => {
    for (const url of [
      'http://u:p@ss#word@127.0.0.1:8123/x',
      'http://u:p/ss@host:8123/x',
      'http://u:12/3@host/x',
    ]) {
      const parse = () => parseConfig({ CLICKHOUSE_URL: url });
      expect(parse, url).toThrow(/CLICKHOUSE_URL: user and password must be percent-encoded/);
      expect(parse, url).not.toThrow(/p@ss|ss#|#word|p\/ss|12\/3/);
    }
    const encoded = 'http://u:p%40ss%23word@127.0.0.1:8123/x';
    expect(parseConfig({ CLICKHOUSE_URL: encoded }).CLICKHOUSE_URL).toBe(encoded);
  });

  it('takes SASL mechanisms as Kafka writes them, and does not call a wrong one missing', () => {
    const sasl = { KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };
    expect(parseConfig({ ...sasl, KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512' }).KAFKA_SASL_MECHANISM).toBe(
      'scram-sha-512',
    );
    expect(() => parseConfig({ ...sasl, KAFKA_SASL_MECHANISM: 'GSSAPI' })).not.toThrow(/missing/);
    expect(() => parseConfig({ ...sasl, KAFKA_SASL_MECHANISM: 'GSSAPI' })).toThrow(
      /KAFKA_SASL_MECHANISM: .*GSSAPI/,
    );
  });

  it.each([
    [
      { KAFKA_BROKERS: 'kafka://a:9092' },
      /KAFKA_BROKERS: "kafka:\/\/a:9092": leave out kafka:\/\/ and write a:9092/,
    ],
    [{ KAFKA_BROKERS: 'a' }, /KAFKA_BROKERS: "a" is not host:port/],
    [{ TIDEWATCH_WEBHOOK_ALLOW: '10.0.0.0' }, /TIDEWATCH_WEBHOOK_ALLOW: .*write 10.0.0.0\/32/],
    [{ TIDEWATCH_WEBHOOK_ALLOW: '10.0.0.0/33' }, /TIDEWATCH_WEBHOOK_ALLOW: .*10.0.0.0\/8/],
    [{ TIDEWATCH_TRUSTED_PROXIES: 'nginx' }, /TIDEWATCH_TRUSTED_PROXIES: "nginx"/],
    [{ TIDEWATCH_KEEP_ALIVE: '75' }, /TIDEWATCH_KEEP_ALIVE: .*not a duration/],
    [{ TIDEWATCH_DRAIN: '1h' }, /TIDEWATCH_DRAIN: from 0s to 10m/],
    [{ TIDEWATCH_GRACE: '1s' }, /TIDEWATCH_GRACE: from 2s to 60m/],
    [{ KAFKA_PREDICTIONS_TOPIC: '/a(/' }, /KAFKA_PREDICTIONS_TOPIC: is no pattern/],
    [{ SMTP_CA: '/etc/ca.pem' }, /SMTP_CA: is not a certificate \(PEM\)/],
    [{ SMTP_DKIM_KEY: 'no key' }, /SMTP_DKIM_KEY: is not a private key/],
  ])('refuses %o by name, with the fix', (environment, message) => {
    expect(() => parseConfig(environment)).toThrow(message);
  });

  it('says a wrong value once, and every wrong part of a list', () => {
    const said = (environment: Record<string, string>) =>
      readSettings(environment).problems.map(({ text }) => text);
    for (const name of Object.keys(VARIABLES))
      for (const wrong of ['kafka://x', '99999999999', '-7.5', 'a=b'])
        for (const text of said({ [name]: wrong }))
          expect(text.split(wrong).length, text).toBeLessThanOrEqual(2);
    expect(said({ KAFKA_BROKERS: 'kafka://a:9092,b' })).toEqual([
      'KAFKA_BROKERS: "kafka://a:9092": leave out kafka:// and write a:9092',
      'KAFKA_BROKERS: "b" is not host:port, such as kafka.example.org:9092',
    ]);
    expect(said({ PORT: '99999', LOG_LEVEL: 'loud' })).toEqual([
      'PORT: write 65535 or less, not 99999',
      'LOG_LEVEL: write fatal, error, warn, info, debug, trace or silent (it is "loud")',
    ]);
  });

  it('takes what can be used beside what cannot, and says which settings that are', () => {
    const { config, problems } = readSettings({
      KAFKA_BROKERS: 'kafka://x',
      TIDEWATCH_DRAIN: '1x',
      TIDEWATCH_MODEL_DIR: './mine',
      TIDEWATCH_POLICIES_DIR: './ours',
    });
    expect(config).toMatchObject({ TIDEWATCH_DRAIN: 3_000, TIDEWATCH_POLICIES_DIR: './ours' });
    expect(config.KAFKA_BROKERS).toBeUndefined();
    expect(problems.flatMap(({ names }) => names)).toEqual([
      'TIDEWATCH_DRAIN',
      'KAFKA_BROKERS',
      'TIDEWATCH_MODEL_DIR',
      'TIDEWATCH_MODELS_DIR',
    ]);
  });

  it('wants admin keys that nobody guesses', () => {
    for (const weak of ['change-this-admin-key', 'a'.repeat(40), 'password-password-password'])
      expect(() => parseConfig({ TIDEWATCH_ADMIN_KEY: weak }), weak).toThrow(/TIDEWATCH_ADMIN_KEY: too easy/);
    for (const strong of ['kV9#mQ2x!Lz7@Rt4&Wp1', '0f8d3c1a9b7e5d2f4a6c8e0b1d3f5a79'])
      expect(parseConfig({ TIDEWATCH_ADMIN_KEY: strong }).TIDEWATCH_ADMIN_KEY).toBe(strong);
  });
});
