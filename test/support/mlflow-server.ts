import { createServer, type Server } from 'node:http';
import { endServer, listenLocally, portOf } from './local-server.js';

const VERSION = {
  name: 'credit model',
  version: '7',
  creation_timestamp: 1_795_000_000_000,
  current_stage: 'None',
  source: 'models:/m-1',
  run_id: 'r1',
  status: 'READY',
  tags: [{ key: 'tidewatch.card.rollback', value: 'champion 6 stays loaded' }],
};
const RUN = {
  info: { run_id: 'r1', run_uuid: 'r1', status: 'FINISHED' },
  data: {
    metrics: [
      { key: 'auc', value: 0.81, timestamp: 1, step: 0 },
      { key: 'broken', value: 'NaN', timestamp: 1, step: 0 },
    ],
    params: [
      { key: 'depth', value: '4' },
      { key: 'rate', value: '0.1' },
    ],
    tags: [
      { key: 'mlflow.source.git.commit', value: '4f2c' },
      { key: 'mlflow.source.git.repoURL', value: 'git@example.org:risk/credit.git' },
      { key: 'tidewatch.card.weather', value: 'is no question' },
    ],
  },
  inputs: {
    dataset_inputs: [
      {
        tags: [],
        dataset: {
          name: 'credit',
          digest: 'a1b2c3d4',
          source_type: 's3',
          source: 's3://data/credit.parquet',
          profile: '{"num_rows": 1200, "num_elements": 30000}',
        },
      },
    ],
  },
};

/** The two calls of MLflow's REST API 2.0 that say where a model version comes from, over real HTTP. */
export class MlflowServer {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start({ token }: { readonly token: string }): Promise<MlflowServer> {
    const server = createServer((request, response) => {
      const { pathname, searchParams: asked } = new URL(request.url ?? '', 'http://mlflow');
      const answer = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (request.headers.authorization !== `Bearer ${token}`)
        return answer(401, { error_code: 'UNAUTHENTICATED' });
      if (
        pathname === '/api/2.0/mlflow/model-versions/get' &&
        asked.get('name') === VERSION.name &&
        asked.get('version') === '7'
      )
        return answer(200, { model_version: VERSION });
      if (pathname === '/api/2.0/mlflow/runs/get' && asked.get('run_id') === 'r1')
        return answer(200, { run: RUN });
      return answer(404, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'not found' });
    });
    await listenLocally(server);
    return new MlflowServer(server, `http://127.0.0.1:${portOf(server)}`);
  }

  async stop(): Promise<void> {
    await endServer(this.server);
  }
}
