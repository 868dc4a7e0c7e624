import 'reflect-metadata';
import type { Server } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { json } from 'express';
import { AppModule, type AppOptions } from './app.module.js';
import type { Config } from './config/config.js';
import { mounted, mountPath } from './mount.js';
import { openService, type Service, type ServiceOptions } from './service.js';
import type { Log } from './telemetry/log.js';
import { MOUNT } from './web/key-cookie.js';
import { PUBLIC_HOST } from './web/visitor.js';
import { WaitingRoom } from './waiting-room.js';

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
  /** Stops in order: no more events, requests in flight are answered, everything accepted is stored, the engine closes. */
  close(): Promise<void>;
}

export interface StartOptions extends Omit<ServiceOptions, 'baseUrl' | 'waiting'>, AppOptions {}

/**
 * Opens a service and serves it. Throws AddressTaken before anything is opened, and the reason of `stopping` when that comes during the start;
 * what was opened is closed then.
 */
export async function start(options: StartOptions): Promise<RunningService> {
  const { config } = options;
  const room = await WaitingRoom.open(config);
  const url = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${room.port}`;
  const waiting = (part: string, problem: string) => room.tell(part, problem);
  let service: Service;
  try {
    service = await openService({
      ...options,
      baseUrl: (config.PUBLIC_URL ?? url).replace(/\/+$/, ''),
      waiting,
    });
  } finally {
    await room.close();
  }
  const app = await createApp(service, options);
  await app.listen(room.port, config.HOST);
  return { service, url, close: async () => app.close() };
}

async function createApp(
  service: Service,
  { config, log, heartbeat }: StartOptions,
): Promise<NestExpressApplication> {
  const server = (): Server => app.getHttpServer();
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.register(service, { heartbeat }, server),
    { logger: nestLogger(log.of('nest')), abortOnError: false, bodyParser: false },
  );
  app.disable('x-powered-by');
  app.set('trust proxy', [...config.TIDEWATCH_TRUSTED_PROXIES]);
  app.use((_request: unknown, response: { set(name: string, value: string): unknown }, next: () => void) => {
    // A client that keeps its connection would send its next request into a closing one.
    if (service.readiness.isStopping) response.set('Connection', 'close');
    next();
  });
  const mount = mountPath(config.PUBLIC_URL);
  app.set(MOUNT, mount);
  app.set(PUBLIC_HOST, config.PUBLIC_URL === undefined ? undefined : new URL(config.PUBLIC_URL).host);
  if (mount !== '') app.use(mounted(mount));
  // Events are read as streams by their own controller; only these take a whole JSON body.
  app.use(['/graphql', '/v1/callbacks', '/sign-in'], json({ limit: '2mb' }));
  keepAlive(server(), config);
  return app;
}

/** A balancer must be the one that closes an idle connection: whoever closes first loses a request that is on its way. */
function keepAlive(server: Server, { TIDEWATCH_KEEP_ALIVE: idle }: Config): void {
  server.keepAliveTimeout = idle;
  server.headersTimeout = Math.max(idle + 5_000, 60_000);
}
