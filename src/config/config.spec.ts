import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig } from './config.js';

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
    const files: Record<string, string> = { '/run/key': 'a-very-long-admin-key\n' };
    const read = (path: string) => files[path] ?? '';
    expect(parseConfig({ TIDEWATCH_ADMIN_KEY_FILE: '/run/key' }, read).TIDEWATCH_ADMIN_KEY).toBe(
      'a-very-long-admin-key',
    );
    expect(() => parseConfig({ SMTP_URL: 'smtp://h', SMTP_URL_FILE: '/run/key' }, read)).toThrow(/not both/);
  });

  it('names what is missing of SASL', () => {
    expect(() => parseConfig({ KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_MECHANISM: 'plain' })).toThrow(
      /KAFKA_SASL_PASSWORD: missing/,
    );
  });

  it('splits lists', () => {
    expect(parseConfig({ KAFKA_BROKERS: 'a:9092, b:9092' }).KAFKA_BROKERS).toEqual(['a:9092', 'b:9092']);
  });
});
