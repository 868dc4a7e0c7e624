import { describe, expect, it } from 'vitest';
import { MlflowServer } from '../../test/support/mlflow-server.js';
import { readMlflow } from './mlflow.js';

describe('readMlflow', () => {
  const read = async (server: MlflowServer, token: string | null = 'secret', version = '7') =>
    readMlflow(fetch, { url: `${server.url}/`, token, name: 'credit model', version }).finally(async () =>
      server.stop(),
    );

  it('makes a record of a version and the run that made it', async () => {
    expect(await read(await MlflowServer.start({ token: 'secret' }))).toEqual({
      hyperparameters: { depth: '4', rate: '0.1' },
      metrics: { auc: 0.81 },
      code: 'git@example.org:risk/credit.git@4f2c',
      trainingData: { uri: 'credit@a1b2c3d4 s3://data/credit.parquet', rows: 1200 },
      artifact: { uri: 'models:/m-1' },
      card: { rollback: 'champion 6 stays loaded' },
      source: expect.stringMatching(/^mlflow credit model\/7, run r1, 127\.0\.0\.1:\d+$/) as string,
    });
  });

  it.each<[string, string | null, string, RegExp]>([
    ['a wrong token', 'other', '7', /HTTP 401/],
    ['a version that is not there', 'secret', '8', /HTTP 404: .*RESOURCE_DOES_NOT_EXIST/],
  ])('says what the server said of %s', async (_what, token, version, message) => {
    await expect(read(await MlflowServer.start({ token: 'secret' }), token, version)).rejects.toThrow(
      message,
    );
  });

  it('says who cannot be reached', async () => {
    const server = await MlflowServer.start({ token: 'secret' });
    await server.stop();
    await expect(read(server)).rejects.toThrow(/cannot be reached/u);
  });
});
