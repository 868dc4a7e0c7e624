import { Controller, Get } from '@nestjs/common';
import { openApiDocument } from './openapi.js';

/** What the REST doors take and answer, for tools and for whoever writes a training job. */
@Controller('v1')
export class OpenApiController {
  private readonly document = openApiDocument();

  @Get('openapi.json')
  openApi(): object {
    return this.document;
  }
}
