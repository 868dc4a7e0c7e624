import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header } from '@nestjs/common';

export const SCHEMA_FILE = join(import.meta.dirname, 'schema.graphql');

/** The API's own description, for tools and people; introspection, for whoever has a key, says the same. */
@Controller('graphql')
export class SchemaController {
  private readonly text = readFileSync(SCHEMA_FILE, 'utf8');

  @Get('schema.graphql')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  schema(): string {
    return this.text;
  }
}
