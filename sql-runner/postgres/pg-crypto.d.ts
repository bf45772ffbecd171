/** Of pg, which ships no types of it. */
declare module 'pg/lib/crypto/utils' {
  type Bytes = ArrayBuffer | Uint8Array;
  const wire: {
    deriveKey(password: string, salt: Uint8Array, iterations: number): Promise<ArrayBuffer>;
    hmacSha256(key: Bytes, message: string): Promise<Bytes>;
    sha256(data: Bytes): Promise<Bytes>;
  };
  export default wire;
}
