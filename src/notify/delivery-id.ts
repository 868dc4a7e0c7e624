import { createHash } from 'node:crypto';

/** Our own name space, so that the same words elsewhere give other ids. */
const NAMESPACE = Buffer.from('6f1d0f7a9d0c5c3f8a4e2b7c51d3e690', 'hex');

/** The id of one delivery: RFC 9562 UUID version 5 of what it is, so that deciding twice asks for the same delivery. */
export function deliveryId(caseId: string, seq: number, destination: string, purpose: string): string {
  const bytes = createHash('sha1')
    .update(NAMESPACE)
    .update([caseId, seq, destination, purpose].join('|'))
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
