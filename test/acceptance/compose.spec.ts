import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/config.js';
import { VARIABLES } from '../../src/config/environment.js';
import { packageFolder } from '../../src/config/package-folder.js';

const root = (path: string) => join(packageFolder(), path);
const read = (path: string) => readFileSync(root(path), 'utf8');

interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly read_only?: boolean;
  readonly stop_grace_period?: string;
}

const compose = parse(read('docker-compose.yml')) as {
  readonly services: Readonly<Record<'tidewatch' | 'kafka' | 'clickhouse' | 'grafana', ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
};
const { tidewatch, kafka, clickhouse, grafana } = compose.services;
const services = Object.entries(compose.services);
const SECRET = '0f8d3c1a9b7e5d2f4a6c8e0b1d3f5a79';
/** `${NAME:-default}` as compose fills it in when nothing is set, and `${NAME:?…}` with a secret. */
const defaults = (value: string) =>
  value.replace(/\$\{\w+:-([^}]*)\}/g, '$1').replace(/\$\{\w+:\?[^}]+\}/g, SECRET);
const environmentOf = (service: ComposeService) =>
  Object.fromEntries(Object.entries(service.environment).map(([name, value]) => [name, defaults(value)]));

describe('docker-compose.yml', () => {
  it('starts the service, a broker, a ClickHouse server and Grafana', () => {
    expect(services.map(([name]) => name).sort()).toEqual(['clickhouse', 'grafana', 'kafka', 'tidewatch']);
    expect(kafka.image).toMatch(/^apache\/kafka:4\.\d+\.\d+$/);
    expect(grafana.image).toMatch(/^grafana\/grafana:1[1-9]\.\d+\.\d+$/);
    for (const [name, { image }] of services) expect(image, name).not.toMatch(/:latest$|^[^:]+$/);
  });

  it('gives the service only variables it knows, with values it takes', () => {
    const known = new Set(Object.keys(VARIABLES));
    expect(Object.keys(tidewatch.environment).filter((name) => !known.has(name))).toEqual([]);
    const config = parseConfig(environmentOf(tidewatch));
    expect(config).toMatchObject({ HOST: '0.0.0.0', PORT: 8080, TIDEWATCH_DATA_DIR: '/data' });
  });

  it('connects the parts by the names and ports they have', () => {
    const config = parseConfig(environmentOf(tidewatch));
    const url = new URL(config.CLICKHOUSE_URL ?? '');
    const server = environmentOf(clickhouse);
    expect([url.hostname, url.port, url.pathname.slice(1)]).toEqual([
      'clickhouse',
      '8123',
      server['CLICKHOUSE_DB'],
    ]);
    expect([url.username, url.password]).toEqual([server['CLICKHOUSE_USER'], server['CLICKHOUSE_PASSWORD']]);
    const advertised = environmentOf(kafka)['KAFKA_ADVERTISED_LISTENERS']?.split(',') ?? [];
    expect(advertised).toContain(`PLAINTEXT://${config.KAFKA_BROKERS?.[0]}`);
    expect(advertised).toContain('PLAINTEXT_HOST://localhost:9092');
    const { jsonData, secureJsonData, type } = (
      parse(read('dashboards/provisioning/datasources/clickhouse.yaml')) as {
        datasources: readonly {
          type: string;
          jsonData: Record<string, unknown>;
          secureJsonData: { password: string };
        }[];
      }
    ).datasources[0]!;
    expect(jsonData).toMatchObject({
      host: 'clickhouse',
      port: 8123,
      protocol: 'http',
      defaultDatabase: server['CLICKHOUSE_DB'],
    });
    expect(grafana.environment['GF_PLUGINS_PREINSTALL']).toBe(type);
    const password = secureJsonData.password.replace('$', '');
    expect(grafana.environment[password]).toBe(clickhouse.environment[password]);
  });

  it('opens nothing to other machines until it is told to', () => {
    for (const [name, { ports }] of services)
      for (const port of ports) expect(defaults(port), name).toMatch(/^127\.0\.0\.1:/);
    const opened = services.flatMap(([, { ports }]) =>
      ports.filter((port) => port.includes('TIDEWATCH_BIND')),
    );
    expect(opened).toHaveLength(2);
  });

  it('waits for what it needs, and everything that others wait for can say that it is ready', () => {
    expect(Object.keys(tidewatch.depends_on ?? {}).sort()).toEqual(['clickhouse', 'kafka']);
    for (const [name, { depends_on = {} }] of services)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(condition, name).toBe('service_healthy');
        expect(compose.services[other as 'kafka'].healthcheck?.test[0], other).toBe('CMD');
      }
  });

  it('mounts files that are there and volumes that are declared', () => {
    const mounts = services.flatMap(([, { volumes }]) => volumes.map((mount) => mount.split(':')[0] ?? ''));
    for (const source of mounts)
      expect(source.startsWith('./') ? existsSync(root(source)) : source in compose.volumes, source).toBe(
        true,
      );
    const shipped = readdirSync(root('dashboards')).filter((name) => name.endsWith('.json'));
    for (const file of shipped) expect(mounts, file).toContain(`./dashboards/${file}`);
    const { options } = (
      parse(read('dashboards/provisioning/dashboards/tidewatch.yaml')) as {
        providers: readonly { options: { path: string } }[];
      }
    ).providers[0]!;
    expect(grafana.volumes.some((mount) => mount.includes(`:${options.path}/fleet.json`))).toBe(true);
    expect(grafana.environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']).toBe(
      `${options.path}/fleet.json`,
    );
  });

  it('has no secret of its own: every one is asked for by name', () => {
    const values = services.flatMap(([, { environment }]) => Object.entries(environment));
    const secrets = values.filter(([name]) => /PASSWORD|ADMIN_KEY|CLICKHOUSE_URL/.test(name));
    expect(secrets.length).toBeGreaterThan(5);
    const asked = new Set<string>();
    for (const [name, value] of secrets) {
      const found = /\$\{(\w+):\?[^}]+\}/.exec(value)?.[1];
      expect(found, name).toBeDefined();
      asked.add(found ?? '');
    }
    // The head of the file says how to make them all.
    const recipe = /for name in ([^;]*); do/.exec(read('docker-compose.yml'))?.[1]?.split(' ') ?? [];
    expect(recipe.toSorted()).toEqual([...asked].toSorted());
  });

  it('gives a stop the time that it may take', () => {
    const { TIDEWATCH_STOP_WITHIN: within } = parseConfig(environmentOf(tidewatch));
    expect(Number.parseInt(tidewatch.stop_grace_period ?? '', 10) * 1000).toBeGreaterThan(within);
  });

  it('lets Grafana read and nothing else', () => {
    const users = read('dashboards/clickhouse-users.xml');
    expect(
      clickhouse.volumes.some((mount) =>
        mount.startsWith('./dashboards/clickhouse-users.xml:/etc/clickhouse-server/users.d/'),
      ),
    ).toBe(true);
    expect(users).toContain('<readonly>1</readonly>');
    // The plugin sets it on every query; a read-only user may not, unless this says so.
    expect(users).toMatch(/<max_execution_time>\s*<changeable_in_readonly\/>/);
    expect(
      clickhouse.volumes.some((mount) =>
        mount.startsWith('./dashboards/clickhouse-server.xml:/etc/clickhouse-server/config.d/'),
      ),
    ).toBe(true);
    expect(read('dashboards/clickhouse-server.xml')).toContain(
      '<settings_constraints_replace_previous>true<',
    );
    expect([...users.matchAll(/<query>(.*?)<\/query>/g)].map((match) => match[1])).toEqual([
      'GRANT SELECT ON tidewatch.*',
    ]);
    expect(users).toContain('from_env="CLICKHOUSE_GRAFANA_PASSWORD"');
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  const of = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

  it('ends in an image without a shell and without root', () => {
    expect(of('FROM').at(-1)).toBe('gcr.io/distroless/nodejs24-debian12:nonroot');
    expect(of('FROM').every((image) => !image.includes('alpine'))).toBe(true);
    // Its entry point is node already.
    expect(JSON.parse(of('CMD').at(-1) ?? '')).toEqual(['dist/cli/main.js', 'serve']);
  });

  it('copies what is there, and .dockerignore lets it through', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = of('COPY')
      .filter((line) => !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(0, -1));
    expect(copied).toContain('migrations');
    for (const source of copied) {
      const path = source.replace('./', '');
      expect(existsSync(root(path)), path).toBe(true);
      expect(allowed, path).toContain(path);
    }
  });

  it('sets only variables somebody reads, and asks the address that is served', () => {
    const names = of('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('=')[0] ?? ''));
    const others = ['NODE_ENV', 'UV_THREADPOOL_SIZE'];
    expect(names.filter((name) => !(name in VARIABLES) && !others.includes(name))).toEqual([]);
    // A restart heals nothing that the process waits for.
    expect(of('HEALTHCHECK')[0]).toContain('/health/live');
    expect(of('EXPOSE')).toEqual([String(parseConfig(environmentOf(tidewatch)).PORT)]);
  });

  it('can leave the embedded engine out', () => {
    const { optionalDependencies } = JSON.parse(read('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    expect(Object.keys(optionalDependencies)).toEqual(['chdb']);
    expect(of('ARG')).toContain('EMBEDDED=1');
    expect(of('RUN').some((line) => line.includes('--omit=optional'))).toBe(true);
  });
});
