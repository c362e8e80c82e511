export type FaviconState = 'idle' | 'ringing' | 'talking';

const files: Record<FaviconState, string> = {
  idle: '/icons/favicon.svg',
  ringing: '/icons/favicon-ringing.svg',
  talking: '/icons/favicon-talking.svg',
};

export function setFavicon(state: FaviconState): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link !== null && !link.href.endsWith(files[state])) link.href = files[state];
}
