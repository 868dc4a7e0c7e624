import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { GraphQLSchemaHost } from '@nestjs/graphql';
import type { Request } from 'express';
import {
  GraphQLError,
  type GraphQLFormattedError,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql';
import type { Disposable } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { CONFIG, type Config } from '../config/config.js';
import { KeyDoor, TooManyWrongKeys } from '../registry/key-door.js';
import { SignOn } from '../registry/sign-on.js';
import { Log } from '../telemetry/log.js';
import { Readiness } from '../telemetry/readiness.js';
import { principalOf } from './access.js';
import { mountPath } from '../mount.js';
import { withoutEngineText } from './graphql-errors.js';

/** A subscription is a short text. */
const MOST_DOCUMENT_BYTES = 64 * 2 ** 10;
const MOST_SOCKETS = 500;
const MOST_SUBSCRIPTIONS = 20;
/** Close codes of the protocol. */
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;

type Known = {
  /** The upgrade request with the key that the client gave. */
  asked: Request;
};
type Socket = Extra & Partial<Known>;

/** What the socket asks of the service. */
@Injectable()
export class SocketGround {
  constructor(
    readonly door: KeyDoor,
    @Inject(SignOn) readonly signOn: SignOn | null,
    readonly readiness: Readiness,
    readonly log: Log,
    @Inject(CONFIG) readonly config: Config,
  ) {}
}

export interface SocketParts {
  readonly host: HttpAdapterHost;
  readonly schema: GraphQLSchemaHost;
  readonly ground: SocketGround;
  /** What is refused of documents beyond what GraphQL itself refuses. */
  readonly rules: readonly ValidationRule[];
}

/**
 * GraphQL subscriptions at `/graphql` over WebSocket (protocol graphql-transport-ws). The key comes as `authorization` in the payload of
 * `connection_init`, or as a header; a socket whose key ends is closed. Only subscriptions: queries and mutations have HTTP.
 */
export class SubscriptionSocket implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_DOCUMENT_BYTES });
  private server: Disposable | null = null;

  constructor(private readonly parts: SocketParts) {}

  onApplicationBootstrap(): void {
    const safe = withoutEngineText(this.parts.ground.log.of('api'));
    const told = (error: GraphQLError) => safe(withCode(error), error);
    this.server = useServer<Record<string, unknown>, Known>(
      {
        schema: this.parts.schema.schema,
        validate: (schema, document) => validate(schema, document, [...specifiedRules, ...this.parts.rules]),
        execute: () => ({ errors: [new GraphQLError('only subscriptions here: POST it to /graphql')] }),
        context: ({ extra }) => ({ req: extra.asked }),
        onConnect: ({ extra, connectionParams }) => this.connect(extra, connectionParams),
        onSubscribe: ({ subscriptions }) => tooMany(Object.keys(subscriptions).length),
        onNext: async ({ extra }, _id, _payload, _args, { data, errors }) => {
          if (await this.isInForce(extra))
            return errors && { ...(data ? { data } : {}), errors: errors.map(told) };
          extra.socket.close(FORBIDDEN, 'the key is not in force any more');
          return { data: null };
        },
      },
      this.sockets,
    );
    const http = this.parts.host.httpAdapter.getHttpServer() as Server;
    http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  /** Sockets that are open would hold up the stop; a client connects again, to whoever answers then. */
  async onModuleDestroy(): Promise<void> {
    await this.server?.dispose();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const known = new Set(['/graphql', `${mountPath(this.parts.ground.config.PUBLIC_URL)}/graphql`]);
    if (!known.has(path)) return refuse(socket, '404 Not Found');
    if (this.parts.ground.readiness.isStopping || this.sockets.clients.size >= MOST_SOCKETS)
      return refuse(socket, '503 Service Unavailable');
    this.sockets.handleUpgrade(request, socket, head, (open) =>
      this.sockets.emit('connection', open, request),
    );
  }

  /** Whether somebody may come in. Closes the socket of who has no key. */
  private async connect(
    extra: Socket,
    params: Readonly<Record<string, unknown>> | undefined,
  ): Promise<boolean> {
    const given = params?.['authorization'] ?? params?.['Authorization'];
    extra.asked = requestOf(this.parts.host, extra.request, given);
    await this.parts.ground.signOn?.recognise(extra.asked);
    if (await this.isInForce(extra)) return true;
    extra.socket.close(UNAUTHORIZED, 'connection_init needs {"authorization": "Bearer <key>"}');
    return false;
  }

  private async isInForce({ asked }: Socket): Promise<boolean> {
    if (!asked) return false;
    const again = Object.create(asked) as Request;
    const { door, signOn } = this.parts.ground;
    try {
      await signOn?.recognise(again);
      return principalOf(door, again) !== null;
    } catch (error) {
      if (error instanceof TooManyWrongKeys) return false;
      throw error;
    }
  }
}

/** As Express would see it: behind trusted proxies the address of a client is the one they give. */
function requestOf(host: HttpAdapterHost, incoming: IncomingMessage, authorization: unknown): Request {
  const app = host.httpAdapter.getInstance<{ readonly request: object }>();
  const request = Object.setPrototypeOf(incoming, app.request) as Request;
  if (typeof authorization === 'string') request.headers.authorization = authorization;
  return request;
}

function tooMany(open: number): readonly GraphQLError[] | undefined {
  if (open <= MOST_SUBSCRIPTIONS) return undefined;
  return [new GraphQLError(`a socket may have ${MOST_SUBSCRIPTIONS} subscriptions: open another one`)];
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** As Apollo says it over HTTP: what has no code of its own is a fault. */
function withCode(error: GraphQLError): GraphQLFormattedError {
  return { ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR', ...error.extensions } };
}
