import { expect, it } from 'vitest';
import { awsHeaders } from './aws-signature.js';

it('signs as the test suite of AWS Signature Version 4 does (post-vanilla)', () => {
  const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  const at = new Date('2015-08-30T12:36:00Z');
  const request = {
    host: 'example.amazonaws.com',
    region: 'us-east-1',
    service: 'service',
    headers: {},
    body: '',
    at,
  };
  expect(awsHeaders(key, request)['authorization']).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  );
});
