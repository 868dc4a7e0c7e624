/** A client in its own process: `node http-client.mjs <port> <requests> <file>` posts the file's NDJSON so often, two at a time. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';

const [port, requests, file] = process.argv.slice(2);
const body = readFileSync(file);
let left = Number(requests);

const post = () =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-ndjson', 'content-length': body.length };
    const call = request({ port, path: '/', method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(String(response.statusCode))),
      );
    });
    call.on('error', reject);
    call.end(body);
  });

const lane = async () => {
  while (left > 0) {
    left -= 1;
    await post();
  }
};
await Promise.all([lane(), lane()]);
