import type { Launched } from './launch.js';

interface Refusal {
  readonly userErrors: readonly { readonly code: string; readonly message: string }[];
}

/** A GraphQL mutation with one key; throws on errors that are no refusals. */
export interface Mutation {
  readonly field: string;
  readonly type: string;
  readonly input: object;
  readonly selection: string;
}

/** Makes keys that may operate, each for a person of the same name. */
export async function operators(
  app: Launched,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  for (const name of names) {
    const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(
      `mutation { keyCreate(input: { name: "${name}", scopes: [OPERATE], owner: "${name}" }) { token } }`,
    );
    keys.set(name, keyCreate.token);
  }
  return keys;
}

/** Registers a model by the text of its file, as the admin; answers what is wrong with it. */
export async function registerModel(
  app: Launched,
  yaml: string,
): Promise<readonly { readonly message: string }[]> {
  const { modelRegister } = await app.query<{ modelRegister: Pick<Refusal, 'userErrors'> }>(
    'mutation ($yaml: String!) { modelRegister(input: { yaml: $yaml }) { userErrors { message } } }',
    { yaml },
  );
  return modelRegister.userErrors;
}

/** Carries a mutation out with a key and answers its payload. */
export async function mutateAs<Payload>(
  app: Launched,
  key: string,
  { field, type, input, selection }: Mutation,
): Promise<Payload & Refusal> {
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} userErrors { code message } } }`;
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = (await response.json()) as {
    data?: Record<string, Payload & Refusal>;
    errors?: object;
  };
  if (!data || errors) throw new Error(JSON.stringify(errors));
  return data[field]!;
}
