import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { expect, it } from 'vitest';
import { openApiDocument } from './openapi.js';

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly responses: object; readonly security: readonly object[] }>>
    >
  >;
  readonly components: {
    readonly schemas: Readonly<
      Record<string, { readonly properties: object; readonly additionalProperties?: boolean }>
    >;
  };
}
const document = JSON.parse(JSON.stringify(openApiDocument())) as Document;

/** Every route of every controller of the API, as `get /v1/…`. */
async function routes(): Promise<string[]> {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.controller.ts'));
  const found: string[] = [];
  for (const file of files) {
    const exported = Object.values(
      (await import(join(import.meta.dirname, file))) as Record<string, unknown>,
    );
    for (const one of exported) if (typeof one === 'function') found.push(...routesOf(one as Constructor));
  }
  return found;
}

type Constructor = { readonly prototype: Readonly<Record<string, object>> };

function routesOf({ prototype }: Constructor): string[] {
  const constructor = prototype['constructor'] as object;
  const base = Reflect.getMetadata(PATH_METADATA, constructor) as string | undefined;
  if (base === undefined) return [];
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = prototype[name] as object;
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) return [];
    const path = `/${base}/${Reflect.getMetadata(PATH_METADATA, handler) as string}`.replaceAll(/\/+/g, '/');
    return [`${RequestMethod[method]} ${path}`.toLowerCase().replaceAll(/:(\w+)/g, '{$1}')];
  });
}

it('describes every route of the API, and no other', async () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.toLowerCase()}`),
  );
  expect(described.toSorted()).toEqual((await routes()).toSorted());
});

it('gives the schemas that bodies are read by, and every reference leads somewhere', () => {
  const { JobReport, TrainingManifest } = document.components.schemas;
  expect(Object.keys(JobReport?.properties ?? {})).toEqual(
    expect.arrayContaining(['status', 'model_version', 'progress', 'manifest_sha256']),
  );
  expect(JobReport?.additionalProperties).toBe(false);
  expect(Object.keys(TrainingManifest?.properties ?? {})).toContain('files');
  const named = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/gu)].map(
    ([, name]) => name,
  );
  expect(named.filter((name) => !(String(name) in document.components.schemas))).toEqual([]);
});
