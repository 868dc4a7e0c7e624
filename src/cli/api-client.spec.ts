import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { ApiClient } from './api-client.js';

it.each([
  [503, { status: 'unavailable' }, /is not ready: .* ask again in a moment/u],
  [200, {}, /answered without data \(HTTP 200\)/u],
])('says what HTTP %d without data means', async (status, body, message) => {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await expect(new ApiClient(`http://127.0.0.1:${port}`, null).query('{ a }')).rejects.toThrow(message);
  server.close();
  server.closeAllConnections();
});
