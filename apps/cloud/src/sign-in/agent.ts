const browsers: readonly [RegExp, string][] = [
  [/\bEdgA?\//u, 'Edge'],
  [/\bOPR\//u, 'Opera'],
  [/\bSamsungBrowser\//u, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//u, 'Firefox'],
  [/\b(?:(?:Headless)?Chrome|CriOS)\//u, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//u, 'Safari'],
];
const systems: readonly [RegExp, string][] = [
  [/\biPhone\b/u, 'iPhone'],
  [/\biPad\b/u, 'iPad'],
  [/\bAndroid\b/u, 'Android'],
  [/\bCrOS\b/u, 'ChromeOS'],
  [/\bWindows\b/u, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/u, 'macOS'],
  [/\bLinux\b/u, 'Linux'],
];
const OTHER_CHARS = 40;

/** `Chrome on Windows`, from a User-Agent header, so that people know their devices again; a program's own name otherwise. */
export function agentWords(userAgent: string | undefined): string | undefined {
  if (userAgent === undefined || userAgent.trim() === '') return undefined;
  const nameOf = (list: readonly [RegExp, string][]) =>
    list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = nameOf(browsers);
  const system = nameOf(systems);
  if (browser === undefined && userAgent.startsWith('Mozilla/')) {
    return system === undefined ? 'A browser' : `A browser on ${system}`;
  }
  if (browser === undefined)
    return userAgent
      .replaceAll(/[^\w .,/()-]/gu, '')
      .trim()
      .slice(0, OTHER_CHARS);
  return system === undefined ? browser : `${browser} on ${system}`;
}
