/**
 * What the Kubernetes API takes of the kinds in docs/kubernetes.yaml, as JSON Schema: their required fields, and every other field that is used
 * there, so that a misspelt or misplaced one is an error as it is with `kubectl apply --validate=strict`. Written after the API reference (v1.33).
 */
const text = { type: 'string' } as const;
const whole = { type: 'integer', minimum: 0 } as const;
const flag = { type: 'boolean' } as const;
const map = { type: 'object', additionalProperties: text } as const;
const name = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$' } as const;
const portName = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$' } as const;
const quantity = { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$' } as const;

function shape(properties: Readonly<Record<string, object>>, ...required: readonly string[]): object {
  return { type: 'object', additionalProperties: false, properties, required };
}

const list = (items: object): object => ({ type: 'array', items, minItems: 1 });
const metadata = shape({ name, labels: map, annotations: map }, 'name');
const selector = shape({ matchLabels: map }, 'matchLabels');
const port = { anyOf: [portName, { type: 'integer', minimum: 1, maximum: 65_535 }] };
const protocol = { enum: ['TCP', 'UDP', 'SCTP'] };
const resources = { type: 'object', additionalProperties: quantity };

const probe = shape(
  {
    httpGet: shape({ path: text, port }, 'port'),
    periodSeconds: whole,
    timeoutSeconds: whole,
    failureThreshold: whole,
  },
  'httpGet',
);

const container = shape(
  {
    name,
    image: text,
    imagePullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'] },
    ports: list(shape({ name: portName, containerPort: whole, protocol }, 'containerPort')),
    envFrom: list(shape({ configMapRef: shape({ name }, 'name') })),
    env: list(shape({ name: text, value: text }, 'name')),
    startupProbe: probe,
    livenessProbe: probe,
    readinessProbe: probe,
    resources: shape({ requests: resources, limits: resources }),
    securityContext: shape({
      allowPrivilegeEscalation: flag,
      readOnlyRootFilesystem: flag,
      capabilities: shape({ drop: list(text) }),
    }),
    volumeMounts: list(shape({ name, mountPath: text, readOnly: flag }, 'name', 'mountPath')),
  },
  'name',
  'image',
);

const pod = shape(
  {
    enableServiceLinks: flag,
    automountServiceAccountToken: flag,
    terminationGracePeriodSeconds: whole,
    securityContext: shape({
      runAsNonRoot: flag,
      runAsUser: whole,
      runAsGroup: whole,
      fsGroup: whole,
      seccompProfile: shape({ type: { enum: ['RuntimeDefault', 'Localhost', 'Unconfined'] } }, 'type'),
    }),
    containers: list(container),
    volumes: list(
      shape(
        {
          name,
          emptyDir: shape({}),
          configMap: shape({ name }, 'name'),
          secret: shape(
            { secretName: name, defaultMode: { type: 'integer', minimum: 0, maximum: 511 } },
            'secretName',
          ),
        },
        'name',
      ),
    ),
  },
  'containers',
);

const claim = shape(
  {
    metadata,
    spec: shape(
      {
        accessModes: list({ enum: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'] }),
        resources: shape({ requests: resources }, 'requests'),
      },
      'accessModes',
      'resources',
    ),
  },
  'metadata',
  'spec',
);

const document = (
  apiVersion: string,
  kind: string,
  rest: Readonly<Record<string, object>>,
  ...required: readonly string[]
) =>
  shape(
    { apiVersion: { const: apiVersion }, kind: { const: kind }, metadata, ...rest },
    'apiVersion',
    'kind',
    'metadata',
    ...required,
  );

/** The schema of one document, by its kind. */
export const KUBERNETES: Readonly<Record<string, object>> = {
  Secret: document('v1', 'Secret', { type: text, stringData: map }),
  ConfigMap: document('v1', 'ConfigMap', { data: map }),
  Service: document(
    'v1',
    'Service',
    {
      spec: shape(
        {
          selector: map,
          ports: list(shape({ name: portName, port: whole, targetPort: port, protocol }, 'port')),
        },
        'ports',
      ),
    },
    'spec',
  ),
  PodDisruptionBudget: document(
    'policy/v1',
    'PodDisruptionBudget',
    { spec: shape({ maxUnavailable: whole, selector }, 'selector') },
    'spec',
  ),
  StatefulSet: document(
    'apps/v1',
    'StatefulSet',
    {
      spec: shape(
        {
          serviceName: name,
          replicas: whole,
          selector,
          template: shape({ metadata: shape({ labels: map, annotations: map }), spec: pod }, 'spec'),
          volumeClaimTemplates: list(claim),
        },
        'selector',
        'template',
        'serviceName',
      ),
    },
    'spec',
  ),
};
