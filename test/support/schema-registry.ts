import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface KnownSchema {
  readonly id: number;
  readonly guid?: string;
  readonly subject?: string;
  readonly version?: number;
  readonly type: 'AVRO' | 'PROTOBUF' | 'JSON';
  readonly schema: string;
  readonly references?: readonly {
    readonly name: string;
    readonly subject: string;
    readonly version: number;
  }[];
}

/** A schema registry that speaks the part of Confluent's REST interface which reading needs. */
export class TestSchemaRegistry {
  /** Paths asked for, in order. */
  readonly asked: string[] = [];
  readonly authorizations: (string | undefined)[] = [];
  /** Answer every request with this status instead. */
  fails: number | null = null;
  private readonly schemas: KnownSchema[] = [];

  private constructor(private readonly server: Server) {}

  static async start(schemas: readonly KnownSchema[] = []): Promise<TestSchemaRegistry> {
    const server = createServer();
    const registry = new TestSchemaRegistry(server);
    registry.schemas.push(...schemas);
    server.on('request', (request, response) => {
      registry.asked.push(request.url ?? '');
      registry.authorizations.push(request.headers.authorization);
      const found =
        registry.fails === null ? registry.find(decodeURIComponent(request.url ?? '')) : undefined;
      response.writeHead(registry.fails ?? (found ? 200 : 404), {
        'content-type': 'application/vnd.schemaregistry.v1+json',
      });
      response.end(
        JSON.stringify(found ? answer(found) : { error_code: 40403, message: 'Schema not found' }),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  add(schema: KnownSchema): void {
    this.schemas.push(schema);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private find(url: string): KnownSchema | undefined {
    const [, kind, what, last, , version] = url.split('/');
    if (kind === 'schemas' && what === 'ids') return this.schemas.find(({ id }) => id === Number(last));
    if (kind === 'schemas' && what === 'guids') return this.schemas.find(({ guid }) => guid === last);
    const [, , subject] = url.split('/');
    return this.schemas.find(
      (schema) => schema.subject === subject && schema.version === Number(version ?? url.split('/').at(-1)),
    );
  }
}

function answer({ type, schema, references, guid }: KnownSchema): object {
  // the registry leaves the type of Avro schemas out
  return {
    schema,
    ...(type === 'AVRO' ? {} : { schemaType: type }),
    ...(references ? { references } : {}),
    ...(guid ? { guid } : {}),
  };
}
