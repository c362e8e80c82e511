/** For the cloud's logs: this program and the browser's family and version, e.g. `phone 0.1.0 (Chrome 156)`. */
export function agentName(version: string, userAgent: string): string {
  const match = /\b(?<family>Edg|OPR|Firefox|Chrome|Version)\/(?<version>\d+)/gu;
  const found = [...userAgent.matchAll(match)];
  // Edge and Opera say Chrome too: the most specific name is the last one.
  const best = found.at(-1)?.groups;
  const family = best?.['family'] === 'Version' ? 'Safari' : best?.['family'];
  return family === undefined
    ? `phone ${version}`
    : `phone ${version} (${family} ${best?.['version'] ?? ''})`;
}
