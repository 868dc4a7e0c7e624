import { All, Controller, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { missingDoor } from './missing-door.js';
import { REST_PATHS } from './openapi.js';

/** Addresses of the REST doors that lead nowhere: answered for programs. Registered last, so that it takes only what nobody else took. */
@Controller('v1')
export class MissingDoorController {
  @All('*path')
  missing(@Req() { method, path }: Request, @Res() response: Response): void {
    const { status, methods, body } = missingDoor({ method, path }, REST_PATHS);
    if (methods.length > 0) response.set('Allow', methods.join(', '));
    response.status(status).json(body);
  }
}
