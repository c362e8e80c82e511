import type { AskHub } from '@offhook/headset';

const PAGE = '/headset-hub.html';
const WAIT_MS = 5_000;

/**
 * The Hub answers with scripts (JSONP). They run in a sandboxed frame without an origin: whatever listens on the Hub's port
 * cannot reach the phone, and its answers are only read.
 */
export function askHubInFrame(): AskHub {
  let frame: Promise<HTMLIFrameElement> | undefined;
  let last = 0;
  const waiting = new Map<number, (answer: unknown) => void>();

  function open(): Promise<HTMLIFrameElement> {
    return new Promise((resolve, reject) => {
      const element = document.createElement('iframe');
      element.sandbox.add('allow-scripts');
      // Chrome asks the person whether this page may reach programs on their device; the frame has no origin of its own to be asked for.
      element.allow = 'local-network-access *; loopback-network *';
      element.hidden = true;
      element.src = PAGE;
      element.addEventListener('load', () => resolve(element), { once: true });
      element.addEventListener('error', () => reject(new Error('The page of the Hub is missing.')), {
        once: true,
      });
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (event.source !== element.contentWindow) return;
        const { id, answer } = (event.data ?? {}) as { id?: unknown; answer?: unknown };
        if (typeof id !== 'number') return;
        waiting.get(id)?.(answer);
        waiting.delete(id);
      });
      document.body.append(element);
    });
  }

  return async (path) => {
    frame ??= open();
    const { contentWindow } = await frame;
    const id = (last += 1);
    const answer = await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), WAIT_MS);
      waiting.set(id, (one) => {
        clearTimeout(timer);
        resolve(one);
      });
      contentWindow?.postMessage({ id, path }, '*');
    });
    waiting.delete(id);
    if (answer === undefined) throw new Error('No Hub answers.');
    return answer;
  };
}
