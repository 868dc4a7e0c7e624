import { CliError } from './exit.js';

interface UserError {
  readonly field?: readonly string[] | null;
  readonly message: string;
  readonly code: string;
}

interface GraphqlAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** A running Tidewatch, as its API shows it. */
export class ApiClient {
  constructor(
    readonly url: string,
    private readonly key: string | null,
  ) {}

  /** The fields of a GraphQL operation. Throws CliError with what the service refused and how to put it right. */
  async query<Data>(document: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> {
    const response = await this.send('/graphql', {
      method: 'POST',
      body: JSON.stringify({ query: document, variables }),
      headers: { 'content-type': 'application/json' },
    });
    const { data, errors } = await answerOf(response, this.url);
    const [error] = errors ?? [];
    if (error) throw this.refusal(error.message, error.extensions?.code ?? 'graphql');
    if (data) return data as Data;
    if (response.status === 503) throw notReady(this.url);
    throw new CliError(`${this.url} answered without data (HTTP ${response.status})`, 'no_data');
  }

  /** The payload of a mutation. Throws CliError when it carries user errors. */
  async mutate<Payload extends { readonly userErrors: readonly UserError[] }>(
    field: string,
    document: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<Payload> {
    const { [field]: payload } = await this.query<Record<string, Payload>>(document, variables);
    if (!payload) throw new CliError(`${this.url} did not answer ${field}`, 'no_data');
    const [first] = payload.userErrors;
    if (!first) return payload;
    throw new CliError(payload.userErrors.map((error) => error.message).join('\n'), first.code);
  }

  /**
   * Every node of a connection, page by page: the document takes `$after` beside its own variables, and asks for `nodes` and `pageInfo { hasNextPage endCursor }`. Throws CliError as
   * a query does.
   */
  async *nodes<Node>(
    field: string,
    document: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): AsyncGenerator<Node, void, undefined> {
    let after: string | null = null;
    do {
      const answer: Record<string, Page<Node>> = await this.query(document, { ...variables, after });
      const page = answer[field];
      if (!page) throw new CliError(`${this.url} did not answer ${field}`, 'no_data');
      yield* page.nodes;
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
  }

  /** Any other request with the key. Throws CliError when nobody answers, or refuses. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await this.send(path, init);
    if (response.ok) return response;
    const text = await response.text();
    throw this.refusal(messageOf(text) ?? `HTTP ${response.status} for ${path}`, codeOf(response));
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.key !== null) headers.set('authorization', `Bearer ${this.key}`);
    try {
      return await fetch(`${this.url}${path}`, { ...init, headers });
    } catch (error) {
      const cause =
        error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new CliError(`no answer from ${this.url} (${cause})`, 'unreachable', { cause: error });
    }
  }

  private refusal(message: string, code: string): CliError {
    if (code === 'UNAUTHENTICATED') {
      const fix =
        this.key === null
          ? 'set TIDEWATCH_TOKEN or TIDEWATCH_ADMIN_KEY, or pass --key'
          : 'the key or token given is not valid there, or not any more';
      return new CliError(`the service at ${this.url} wants a key: ${fix}`, 'unauthenticated');
    }
    return new CliError(message, code.toLowerCase());
  }
}

/** What answers already does not serve yet, or not any more. */
function notReady(url: string): CliError {
  return new CliError(
    `${url} is not ready: it starts, or waits for something; ask again in a moment (${url}/health/ready says what for)`,
    'not_ready',
  );
}

async function answerOf(response: Response, url: string): Promise<GraphqlAnswer> {
  const text = await response.text();
  try {
    return JSON.parse(text) as GraphqlAnswer;
  } catch {
    const message = `${url} does not speak Tidewatch's API (HTTP ${response.status})`;
    throw new CliError(message, 'not_tidewatch');
  }
}

function messageOf(text: string): string | null {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    return typeof message === 'string' ? message : null;
  } catch {
    return null;
  }
}

/** A service that says when to come back is `busy`; any other refusal would be the same again. */
function codeOf({ status, headers }: Response): string {
  if (status === 401) return 'UNAUTHENTICATED';
  return headers.has('retry-after') ? 'busy' : `http_${status}`;
}
