/** A client in its own process: `http-client.mjs <port> <requests> <file>` posts the file's NDJSON so often, two at a time, whenever it is asked to. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';

const [port, requests, file] = process.argv.slice(2);
const body = readFileSync(file);
let left = 0;

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

process.on('message', async () => {
  left = Number(requests);
  await Promise.all([lane(), lane()]);
  process.send('done');
});
process.send('ready');
