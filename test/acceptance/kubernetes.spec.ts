import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseConfig } from '../../src/config/config.js';
import { VARIABLES } from '../../src/config/environment.js';
import { packageFolder } from '../../src/config/package-folder.js';
import { parseChannels } from '../../src/notify/parse-channels.js';
import { parseModelFile } from '../../src/registry/model-file.js';
import { KUBERNETES } from '../support/kubernetes-schema.js';

interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface StatefulSet extends Manifest {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly enableServiceLinks: boolean;
        readonly volumes: readonly {
          readonly name: string;
          readonly configMap?: { readonly name: string };
          readonly secret?: { readonly secretName: string };
        }[];
        readonly containers: readonly [
          {
            readonly env: readonly { readonly name: string; readonly value: string }[];
            readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
            readonly livenessProbe: Probe;
            readonly readinessProbe: Probe;
            readonly startupProbe: Probe;
          },
        ];
      };
    };
    readonly volumeClaimTemplates: readonly { readonly metadata: { readonly name: string } }[];
  };
}

const text = readFileSync(join(packageFolder(), 'docs/kubernetes.yaml'), 'utf8');
const manifests = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
const named = (kind: string, name: string) =>
  manifests.find((one) => one.kind === kind && one.metadata.name === name);
const set = named('StatefulSet', 'tidewatch') as StatefulSet;
const { spec: pod } = set.spec.template;
const [container] = pod.containers;
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });

describe('docs/kubernetes.yaml', () => {
  it.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
    '%s is what the API takes',
    (_, manifest) => {
      const validate = ajv.compile(KUBERNETES[manifest.kind] ?? false);
      expect(validate(manifest), JSON.stringify(validate.errors)).toBe(true);
      expect(manifest.metadata.namespace).toBeUndefined();
    },
  );

  it('would be refused with a field misspelt or misplaced', () => {
    const validate = ajv.compile(KUBERNETES['StatefulSet'] ?? false);
    const broken = structuredClone(set) as unknown as {
      spec: { template: { spec: Record<string, unknown> } };
    };
    broken.spec.template.spec['livenessProbe'] = {};
    expect(validate(broken)).toBe(false);
  });

  it('selects its own pods', () => {
    const { labels } = set.spec.template.metadata;
    const service = named('Service', 'tidewatch') as unknown as { spec: { selector: object } };
    const budget = named('PodDisruptionBudget', 'tidewatch') as unknown as {
      spec: { selector: { matchLabels: object } };
    };
    expect([service.spec.selector, budget.spec.selector.matchLabels]).toEqual([labels, labels]);
  });

  it('mounts what it declares, and names settings that are read, with values that are taken', () => {
    const declared = [...pod.volumes, ...set.spec.volumeClaimTemplates.map(({ metadata }) => metadata)].map(
      ({ name }) => name,
    );
    expect(container.volumeMounts.map(({ name }) => name).toSorted()).toEqual(declared.toSorted());
    for (const { configMap, secret } of pod.volumes) {
      if (configMap) expect(named('ConfigMap', configMap.name), configMap.name).toBeDefined();
      if (secret) expect(named('Secret', secret.secretName), secret.secretName).toBeDefined();
    }
    const settings = named('ConfigMap', 'tidewatch')?.data ?? {};
    expect(Object.keys(settings).filter((name) => !(name in VARIABLES))).toEqual([]);
    const config = parseConfig(settings);
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(config.TIDEWATCH_STOP_WITHIN);
    const paths = [
      config.TIDEWATCH_CHANNELS_FILE,
      config.TIDEWATCH_MODELS_DIR,
      ...container.env.map(({ value }) => value),
    ];
    for (const path of paths)
      expect(
        container.volumeMounts.some(({ mountPath }) => path.startsWith(mountPath)),
        path,
      ).toBe(true);
    const files = named('ConfigMap', 'tidewatch-files')?.data ?? {};
    expect(parseChannels(files['channels.yaml'] ?? '', () => undefined)).toHaveProperty('default');
    for (const [file, model] of Object.entries(named('ConfigMap', 'tidewatch-models')?.data ?? {}))
      expect(parseModelFile(file, model).key).toBe(file.replace('.yaml', ''));
  });

  it('restarts for the process alone, takes requests away for what it cannot serve, and holds no secret', () => {
    expect(container.livenessProbe.httpGet.path).toBe('/health/live');
    expect(container.startupProbe.httpGet.path).toBe('/health/live');
    expect(container.readinessProbe.httpGet.path).toBe('/health/ready');
    expect(pod.enableServiceLinks).toBe(false);
    expect(named('Secret', 'tidewatch')?.stringData).toEqual({ 'admin-key': '' });
  });
});
