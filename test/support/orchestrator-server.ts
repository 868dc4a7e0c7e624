import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { endServer, listenLocally, portOf } from './local-server.js';

type Json = Readonly<Record<string, unknown>>;
interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Json;
}
type Answer = readonly [status: number, body: Json];

/** Runs by the name the orchestrator knows a repetition by, and their state in its own words. */
class Runs {
  readonly started: Call[] = [];
  private readonly names = new Map<string, number>();
  state = '';
  cancelled = 0;

  /** The number of the run; the same again where the name is known. */
  start(call: Call, name: string | null): { readonly n: number; readonly isNew: boolean } {
    const known = name === null ? undefined : this.names.get(name);
    if (known !== undefined) return { n: known, isNew: false };
    this.started.push(call);
    if (name !== null) this.names.set(name, this.started.length);
    return { n: this.started.length, isNew: true };
  }

  find(name: string): number | undefined {
    return this.names.get(name);
  }
}

type Orchestrator = (call: Call, runs: Runs) => Answer | null;
const NO_CONTENT: Answer = [204, {}];
const conflict: Answer = [409, { code: 'ALREADY_EXISTS' }];
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const inside = (value: unknown, key: string): unknown => (value as Json | undefined)?.[key];
const unknownKeys = (body: Json, known: readonly string[]): boolean =>
  Object.keys(body).some((key) => !known.includes(key));

/** What each orchestrator answers, from its own documentation. */
const ORCHESTRATORS: Readonly<Record<string, Orchestrator>> = {
  airflow({ method, path, body, headers }, runs) {
    if (!/^(Bearer|Basic) ./u.test(headers.authorization ?? '')) return [401, { detail: 'Unauthorized' }];
    if (path.endsWith('/dagRuns')) {
      const known = path.startsWith('/api/v2/')
        ? ['dag_run_id', 'logical_date', 'run_after', 'conf', 'note']
        : ['dag_run_id', 'conf', 'note'];
      if (unknownKeys(body, known) || (path.startsWith('/api/v2/') && !('logical_date' in body)))
        return [422, { detail: 'extra or missing' }];
      const { isNew } = runs.start(
        { method, path, body, headers, query: new URLSearchParams() },
        text(body['dag_run_id']),
      );
      return isNew ? [200, { dag_run_id: body['dag_run_id'], state: 'queued' }] : [409, { detail: 'exists' }];
    }
    if (method === 'PATCH') runs.cancelled += 1;
    return [200, { state: runs.state }];
  },
  argo(call, runs) {
    const { path, method, body, query } = call;
    if (path === '/api/v1/workflows/ml/submit') {
      const { isNew } = runs.start(call, text(inside(body['submitOptions'], 'name')));
      return isNew
        ? [200, { metadata: { name: inside(body['submitOptions'], 'name') } }]
        : [409, { code: 6 }];
    }
    if (method === 'PUT' && path.endsWith('/terminate')) runs.cancelled += 1;
    return query.get('fields') === 'status.phase' || method === 'PUT'
      ? [200, { status: { phase: runs.state } }]
      : null;
  },
  kubeflow(call, runs) {
    const { path, method, body, query } = call;
    if (path === '/apis/v2beta1/runs' && method === 'GET') {
      const { predicates } = JSON.parse(query.get('filter') ?? '{}') as {
        predicates: readonly { string_value: string }[];
      };
      const n = runs.find(predicates[0]?.string_value ?? '');
      return [200, n === undefined ? {} : { runs: [{ run_id: `r${n}` }] }];
    }
    if (path === '/apis/v2beta1/runs') {
      // It starts a second run of the same name.
      const { n } = runs.start({ ...call, body }, null);
      runs.start(call, text(body['display_name']));
      runs.started.length = n;
      return [200, { run_id: `r${n}`, state: 'PENDING' }];
    }
    if (path === '/apis/v2beta1/runs/r1:terminate') runs.cancelled += 1;
    return [200, { run_id: 'r1', state: runs.state }];
  },
  github(call, runs) {
    const { path, method, body } = call;
    if (method === 'POST' && path.endsWith('/workflows/train.yml/dispatches')) {
      if (unknownKeys(body, ['ref', 'inputs', 'return_run_details'])) return [422, {}];
      const { n } = runs.start(call, null);
      return [200, { workflow_run_id: n, run_url: 'x', html_url: `https://github.example/runs/${n}` }];
    }
    if (method === 'POST' && path.endsWith('/runs/1/cancel')) {
      runs.cancelled += 1;
      return [202, {}];
    }
    const isOver = ['success', 'failure', 'cancelled'].includes(runs.state);
    return [
      200,
      isOver ? { status: 'completed', conclusion: runs.state } : { status: runs.state, conclusion: null },
    ];
  },
  databricks(call, runs) {
    const { path, body } = call;
    if (path === '/api/2.1/jobs/run-now')
      return [200, { run_id: runs.start(call, text(body['idempotency_token'])).n }];
    if (path === '/api/2.1/jobs/runs/cancel' && body['run_id'] === 1) runs.cancelled += 1;
    return [200, { state: { life_cycle_state: 'TERMINATED', result_state: runs.state } }];
  },
  sagemaker(call, runs) {
    const operation = text(call.headers['x-amz-target']).replace('SageMaker.', '');
    if (
      !/^AWS4-HMAC-SHA256 Credential=AK\/\d{8}\/eu-west-1\/sagemaker\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}$/u.test(
        call.headers.authorization ?? '',
      )
    )
      return [403, { __type: 'InvalidSignatureException' }];
    if (operation === 'StartPipelineExecution') {
      const token = text(call.body['ClientRequestToken']);
      if (token.length < 32 || token.length > 128) return [400, { __type: 'ValidationException' }];
      return [
        200,
        {
          PipelineExecutionArn: `arn:aws:sagemaker:eu-west-1:1:pipeline/p/execution/${runs.start(call, token).n}`,
        },
      ];
    }
    if (operation === 'StopPipelineExecution') runs.cancelled += 1;
    return [200, { PipelineExecutionStatus: runs.state }];
  },
  vertex(call, runs) {
    const { path, method, query } = call;
    if (method === 'POST' && query.has('pipelineJobId')) {
      const { isNew } = runs.start(call, query.get('pipelineJobId'));
      return isNew
        ? [200, { name: `${path}/${query.get('pipelineJobId') ?? ''}`, state: 'PIPELINE_STATE_PENDING' }]
        : conflict;
    }
    if (path.endsWith(':cancel')) runs.cancelled += 1;
    return [200, { state: runs.state }];
  },
  azure(call, runs) {
    const { path, method } = call;
    if (call.query.get('api-version') !== '2024-04-01') return [400, {}];
    if (method === 'PUT') {
      const { isNew } = runs.start(call, path);
      return [isNew ? 201 : 200, { properties: { status: 'NotStarted' } }];
    }
    if (path.endsWith('/cancel')) runs.cancelled += 1;
    return [200, { properties: { status: runs.state } }];
  },
};

/** An orchestrator over real HTTP that keeps what it was asked, with its own idea of what a repetition is. */
export class OrchestratorServer {
  readonly runs = new Runs();
  /** Of the next answers: 500, after the work was done. */
  failing = 0;

  private constructor(
    private readonly server: Server,
    private readonly kind: string,
  ) {}

  static async start(kind: string): Promise<OrchestratorServer> {
    const server = createServer();
    const made = new OrchestratorServer(server, kind);
    server.on('request', (request, response) => void made.take(request, response));
    await listenLocally(server);
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server)}`;
  }

  async stop(): Promise<void> {
    await endServer(this.server);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://orchestrator');
    const sent = await textOf(request);
    const body = (sent === '' ? {} : JSON.parse(sent)) as Json;
    const call = { method: request.method ?? '', path, query, headers: request.headers, body };
    const [status, answer] = ORCHESTRATORS[this.kind]?.(call, this.runs) ?? NO_CONTENT;
    if (this.failing > 0 && request.method !== 'GET') {
      this.failing -= 1;
      response.writeHead(500).end();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }
}
