#!/usr/bin/env -S UV_THREADPOOL_SIZE=16 node
import { stopRequest } from './stop-request.js';

// Whoever reads may have enough of it, as `head` has: it ends as a program ends that SIGPIPE ended. A service goes on or says why not.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (process.argv[2] === 'serve' || error.code !== 'EPIPE') throw error;
  process.exit(141);
});

// Libraries check themselves at every step unless they are told that this is the real thing: a quarter of the time of a large answer of GraphQL.
process.env['NODE_ENV'] ??= 'production';

// Listening comes first; the rest of the program takes a moment to load. Other verbs end by a signal as programs do.
if (process.argv[2] === 'serve') stopRequest();
const { run } = await import('./program.js');
await run(process.argv);
