import { expect, it } from 'vitest';
import { missingDoor } from './missing-door.js';
import { REST_PATHS } from './openapi.js';

const at = (method: string, path: string) => missingDoor({ method, path }, REST_PATHS);

it('names the method that an address takes', () => {
  expect(at('GET', '/v1/predictions')).toEqual({
    status: 405,
    methods: ['POST'],
    body: { code: 'method_not_allowed', message: '/v1/predictions takes POST, not GET' },
  });
});

it('says where to look for what there is', () => {
  expect(at('POST', '/v1/prediction')).toMatchObject({
    status: 404,
    methods: [],
    body: {
      code: 'not_found',
      message:
        'there is nothing at /v1/prediction; did you mean /v1/predictions? /v1/openapi.json lists what there is',
    },
  });
});
