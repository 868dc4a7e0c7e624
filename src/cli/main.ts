#!/usr/bin/env -S UV_THREADPOOL_SIZE=16 node
import { stopRequest } from './stop-request.js';

// Listening comes first; the rest of the program takes a moment to load. Other verbs end by a signal as programs do.
if (process.argv[2] === 'serve') stopRequest();
const { run } = await import('./program.js');
await run(process.argv);
