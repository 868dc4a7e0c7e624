import { HttpException } from '@nestjs/common';

/** A refusal of a REST door, as programs read it: its status, a code, and what to do. */
export function refusal(status: number, code: string, message: string): HttpException {
  return new HttpException({ code, message }, status);
}
