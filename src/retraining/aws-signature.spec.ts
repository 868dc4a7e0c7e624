import { expect, it } from 'vitest';
import { awsHeaders } from './aws-signature.js';

it('signs as the test suite of AWS Signature Version 4 does (post-vanilla)', () => {
  const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  const at = new Date('2015-08-30T12:36:00Z');
  const request = {
    method: 'POST',
    path: '/',
    host: 'example.amazonaws.com',
    region: 'us-east-1',
    service: 'service',
    headers: {},
    body: '',
    at,
  } as const;
  expect(awsHeaders(key, request)['authorization']).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  );
});

it('signs a PUT to S3 as the documentation of Amazon S3 does', () => {
  const key = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const headers = awsHeaders(key, {
    method: 'PUT',
    path: '/test%24file.text',
    host: 'examplebucket.s3.amazonaws.com',
    region: 'us-east-1',
    service: 's3',
    headers: {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
    body: 'Welcome to Amazon S3.',
    at: new Date('2013-05-24T00:00:00Z'),
  });
  expect(headers['authorization']).toContain(
    'Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  );
});
