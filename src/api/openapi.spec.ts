import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** Every route of every controller of the API, as `get /v1/…`; read as text, for loading them loads the whole service. */
function routes(): string[] {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.controller.ts'));
  return files.flatMap((file) => {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8');
    const base = /@Controller\((?:'(.*?)')?\)/u.exec(text)?.[1] ?? '';
    return [...text.matchAll(/@(Get|Post|Put|Patch|Delete)\('(.*?)'\)/gu)].map(([, method, path]) =>
      `${method ?? ''} /${base}/${path ?? ''}`
        .replaceAll(/\/+/g, '/')
        .replaceAll(/:(\w+)/g, '{$1}')
        .toLowerCase(),
    );
  });
}

it('describes every route of the API, and no other', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.toLowerCase()}`),
  );
  expect(described.toSorted()).toEqual(routes().toSorted());
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
