import { CodedError } from '../domain/coded-error.js';

/**
 * SIGTERM and SIGINT as one request to end. Listens from the moment it is made, which is the first thing the program does: as process 1 of a
 * container a signal that nobody listens to is lost.
 */
class StopRequest {
  private readonly controller = new AbortController();
  private taken = false;
  /** The signal that came first. */
  by: 'SIGINT' | 'SIGTERM' | null = null;

  constructor() {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => this.ask(name));
  }

  /** From here on somebody else ends the process; before, a request ends it at once: nothing is open yet. */
  takeOver(): AbortSignal {
    this.taken = true;
    return this.controller.signal;
  }

  /** Resolves when the process is asked to end. */
  async asked(): Promise<void> {
    const { signal } = this.controller;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }

  private ask(name: 'SIGINT' | 'SIGTERM'): void {
    // A terminal and npm may both send one.
    this.by ??= name;
    if (this.taken) this.controller.abort(new StoppedWhileStarting());
    else process.exit(0);
  }
}

/** The start was given up because the process was told to end. */
export class StoppedWhileStarting extends CodedError {
  override readonly name = 'StoppedWhileStarting';
  readonly code = 'stopped';
  constructor() {
    super('told to end while starting');
  }
}

let request: StopRequest | null = null;

/** The request of this process; the first call begins to listen. */
export function stopRequest(): StopRequest {
  request ??= new StopRequest();
  return request;
}
