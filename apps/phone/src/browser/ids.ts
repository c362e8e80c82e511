/** 128 random bits as hex; works on pages without HTTPS, where `crypto.randomUUID` is absent. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
