import 'reflect-metadata';
import type { Server } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { json, type Response } from 'express';
import { AppModule, type AppOptions } from './app.module.js';
import { goneSignal } from './api/gone-signal.js';
import { mounted, mountPath } from './mount.js';
import { OwnServerAdapter } from './own-server.adapter.js';
import { openService, type Service, type ServiceOptions } from './service.js';
import { askedBy } from './store/asker.js';
import type { Log } from './telemetry/log.js';
import { MOUNT } from './web/key-cookie.js';
import { recognised } from './web/recognise.js';
import { PUBLIC_HOST } from './web/visitor.js';
import { WaitingRoom } from './waiting-room.js';

/** Nest's own words are detail, except for what goes wrong. */
function nestLogger(log: Log): LoggerService {
  return {
    log: (message: unknown) => log.debug(String(message)),
    warn: (message: unknown) => log.warn(String(message)),
    error: (message: unknown, stack?: unknown) => {
      // A refusal is the caller's matter, and is answered; only faults are ours.
      if (isRefusal(message)) log.debug(String(message));
      else log.error(String(message), stack);
    },
  };
}

/** An error that a resolver threw on purpose: it has a code for the caller. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'GraphQLError') return false;
  const { extensions } = error as Error & { readonly extensions?: { readonly code?: unknown } };
  return typeof extensions?.code === 'string' && extensions.code !== 'INTERNAL_SERVER_ERROR';
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
  try {
    const service = await openService({
      ...options,
      baseUrl: (config.PUBLIC_URL ?? url).replace(/\/+$/, ''),
      waiting,
    });
    const adapter = new OwnServerAdapter(room.server);
    const app = await createApp(service, options, adapter);
    await app.init();
    room.handOver(adapter.listener);
    return { service, url, close: async () => app.close() };
  } catch (error) {
    await room.close();
    throw error;
  }
}

async function createApp(
  service: Service,
  { config, log, heartbeat }: StartOptions,
  adapter: OwnServerAdapter,
): Promise<NestExpressApplication> {
  const server = (): Server => app.getHttpServer();
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.register(service, { heartbeat }, server),
    adapter,
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
  if (service.signOn) app.use(recognised(service.signOn));
  app.use('/graphql', (_request: unknown, response: Response, next: () => void) => {
    askedBy({ signal: goneSignal(response), goesOn: false }, next);
  });
  // Events are read as streams by their own controller; only these take a whole JSON body.
  app.use(['/graphql', '/sign-in'], json({ limit: '2mb' }));
  return app;
}
