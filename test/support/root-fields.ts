import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildSchema,
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Permission } from '../../src/domain/roles.js';
import { packageFolder } from '../../src/config/package-folder.js';

/** A field that somebody can ask the API for, what it needs, and how one asks for it with nothing but what has to be there. */
export interface RootField {
  readonly name: string;
  readonly kind: 'query' | 'mutation';
  readonly need: Permission;
  /** The request; where it names a model, this one. */
  readonly document: (model: string) => string;
}

/** Every field of the API but subscriptions, from the schema and from what the resolvers declare. */
export async function rootFields(): Promise<readonly RootField[]> {
  const folder = join(packageFolder(), 'src/api');
  const schema = buildSchema(await readFile(join(folder, 'schema.graphql'), 'utf8'));
  const needs = await declared(folder);
  const kinds = [['query', schema.getQueryType()] as const, ['mutation', schema.getMutationType()] as const];
  return kinds.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).map(({ name, args, type: result }) => ({
      name,
      kind,
      need: needs.get(name) ?? 'admin',
      document: (model: string) => {
        const inner = isCompositeType(getNamedType(result)) ? ' { __typename }' : '';
        return `${kind} { ${name}${given(args, model)}${inner} }`;
      },
    })),
  );
}

async function declared(folder: string): Promise<ReadonlyMap<string, Permission>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.resolver.ts'));
  const texts = await Promise.all(files.map(async (name) => readFile(join(folder, name), 'utf8')));
  const found = texts.flatMap((text) => {
    const usual = /^@Needs\('(\w+)'\)/mu.exec(text)?.[1];
    const fields = text.matchAll(/^ {2}@(?:Query|Mutation)\('(\w+)'\)\n(?: {2}@Needs\('(\w+)'\)\n)?/gmu);
    return [...fields].map(([, name = '', own]) => [name, (own ?? usual) as Permission] as const);
  });
  return new Map(found);
}

function given(args: readonly GraphQLArgument[], model: string): string {
  const needed = args.filter(({ type }) => isNonNullType(type));
  return needed.length === 0 ? '' : `(${needed.map((one) => pair(one, model)).join(', ')})`;
}

function pair({ name, type }: GraphQLArgument | GraphQLInputField, model: string): string {
  return `${name}: ${value(type, name, model)}`;
}

function value(type: GraphQLInputType, name: string, model: string): string {
  if (isNonNullType(type)) return value(type.ofType, name, model);
  if (isListType(type)) return `[${value(type.ofType, name, model)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const needed = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return `{ ${needed.map((field) => pair(field, model)).join(', ')} }`;
  }
  if (type.name === 'Int' || type.name === 'Float') return '1';
  if (type.name === 'Boolean') return 'true';
  if (type.name === 'DateTime') return '"2026-11-21T10:00:00Z"';
  return name === 'model' ? `"${model}"` : '"none"';
}
