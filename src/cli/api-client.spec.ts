import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { ApiClient } from './api-client.js';

it.each([
  [503, { status: 'unavailable' }, /is not ready: .* ask again in a moment/u],
  [200, {}, /answered without data \(HTTP 200\)/u],
])('says what HTTP %d without data means', async (status, body, message) => {
  const { client, stop } = await answering(() => ({ status, body }));
  await expect(client.query('{ a }')).rejects.toThrow(message);
  stop();
});

it('walks the pages of a connection, each behind the one before', async () => {
  const pages = [
    { nodes: [1, 2], pageInfo: { hasNextPage: true, endCursor: 'b' } },
    { nodes: [3], pageInfo: { hasNextPage: false, endCursor: 'c' } },
  ];
  const asked: unknown[] = [];
  const { client, stop } = await answering((asking) => {
    const { variables } = JSON.parse(asking) as { variables: { after: string | null } };
    asked.push(variables);
    return { status: 200, body: { data: { things: pages[variables.after === null ? 0 : 1] } } };
  });
  const found: number[] = [];
  for await (const node of client.nodes<number>('things', 'query ($after: String) { … }')) found.push(node);
  expect([found, asked]).toEqual([
    [1, 2, 3],
    [{ after: null }, { after: 'b' }],
  ]);
  await expect(client.nodes('others', '').next()).rejects.toThrow(/did not answer others/u);
  stop();
});

async function answering(answer: (asked: string) => { readonly status: number; readonly body: object }) {
  const server = createServer(async (request, response) => {
    const { status, body } = answer(await text(request));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { client: new ApiClient(`http://127.0.0.1:${port}`, null), stop };
}
