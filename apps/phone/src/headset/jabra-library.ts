import type { JabraLibrary } from '@offhook/headset';

/** Where whoever runs the service places the library of Jabra, as one file. It is no part of this product. */
const PATH = '/vendor/jabra-js.js';

/** Whether it has been placed. An unknown path may be answered with the page itself. */
export async function isJabraPlaced(): Promise<boolean> {
  try {
    const answer = await fetch(PATH, { method: 'HEAD' });
    return answer.ok && (answer.headers.get('content-type') ?? '').includes('javascript');
  } catch {
    return false;
  }
}

export function loadJabra(): Promise<JabraLibrary> {
  return import(/* @vite-ignore */ PATH) as Promise<JabraLibrary>;
}
