import 'reflect-metadata';
import { createServer } from 'node:net';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { json } from 'express';
import { AppModule, type AppOptions } from './app.module.js';
import type { Config } from './config/config.js';
import { openService, type Service, type ServiceOptions } from './service.js';
import type { Log } from './telemetry/log.js';

/** Nest's own words are detail, except for what goes wrong. */
function nestLogger(log: Log): LoggerService {
  return {
    log: (message: unknown) => log.debug(String(message)),
    warn: (message: unknown) => log.warn(String(message)),
    error: (message: unknown, stack?: unknown) => log.error(String(message), stack),
  };
}

/** A service that answers on an address. */
export interface RunningService {
  readonly service: Service;
  readonly url: string;
  /** Stops in order: no more events, everything accepted is stored, the engine closes. */
  close(): Promise<void>;
}

export interface StartOptions extends Omit<ServiceOptions, 'baseUrl'>, AppOptions {
  /** End the process on SIGINT and SIGTERM after an orderly stop. */
  readonly signals: boolean;
}

/** Opens a service and serves it. Throws when the address is taken, before anything is opened. */
export async function start(options: StartOptions): Promise<RunningService> {
  const { config, log, heartbeat, signals } = options;
  const port = await freePort(config);
  const url = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`;
  const service = await openService({ ...options, baseUrl: config.PUBLIC_URL ?? url });
  const app = await NestFactory.create<NestExpressApplication>(AppModule.register(service, { heartbeat }), {
    logger: nestLogger(log.of('nest')),
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  // Events are read as streams by their own controller; only these take a whole JSON body.
  app.use(['/graphql', '/v1/callbacks', '/sign-in'], json({ limit: '2mb' }));
  // An orderly stop is a success, whichever signal asked for it.
  if (signals) app.enableShutdownHooks([], { useProcessExit: true });
  await app.listen(port, config.HOST);
  return { service, url, close: async () => app.close() };
}

/** The port that is asked for, or a free one for 0. Throws AddressTaken. */
async function freePort({ PORT: port, HOST: host }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => reject(new AddressTaken(host, port, error)));
    probe.listen(port, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

/** The address cannot be listened on. */
export class AddressTaken extends Error {
  override readonly name = 'AddressTaken';
  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    super(`cannot listen on ${host}:${port} (${cause.code}); set PORT or HOST to a free address`, { cause });
  }
}
