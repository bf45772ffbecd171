/** Of pg, which ships no types of it. */
declare module 'pg/lib/crypto/utils' {
  const wire: { deriveKey(password: string, salt: Uint8Array, iterations: number): Promise<ArrayBuffer> };
  export default wire;
}
