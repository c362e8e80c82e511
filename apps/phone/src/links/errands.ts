import { isRingingHere, permits, type Phone } from '@offhook/phone-core';
import type { CallId } from '@offhook/contract';
import type { ToWindow } from '../service-worker/messages.ts';
import { isPage } from '../shell/section-names.ts';
import { openPage } from '../shell/use-page.ts';
import { numberOfLink } from './telephone-link.ts';

/* What a window is opened or brought to the front for: to answer a call, or with a number to dial. */

/** A window that has just been opened has to connect first. */
const PATIENCE_MS = 20_000;

const wanted = { number: undefined as string | undefined };
const askers = new Set<(number: string) => void>();

/** The dial field takes the number of a link; also of one that was opened before the field was there. */
export function onWantedNumber(take: (number: string) => void): () => void {
  askers.add(take);
  const { number } = wanted;
  wanted.number = undefined;
  if (number !== undefined) take(number);
  return () => askers.delete(take);
}

export function wantNumber(number: string): void {
  openPage('dial');
  if (askers.size === 0) wanted.number = number;
  for (const take of askers) take(number);
}

/** Answers as soon as the call is known to ring here, and not after the person can have forgotten that they pressed. */
export function answerWhenKnown(
  { store, calls }: { store: Phone['store']; calls: Pick<Phone['calls'], 'answer'> },
  callId: string,
  after: (ms: number, run: () => void) => void,
): void {
  const look = (): boolean => {
    const state = store.getState();
    const call = state.calls.find((one) => one.callId === callId);
    if (call === undefined || !isRingingHere(state, call) || !permits(call, 'answer')) return false;
    void calls.answer(callId as CallId);
    return true;
  };
  if (look()) return;
  const stop = store.subscribe(() => {
    if (look()) stop();
  });
  after(PATIENCE_MS, stop);
}

/** `#answer=…` and `#dial=…`; the fragment is cleared, so that a reload does not do it again. */
export function runErrand(hash: string, answer: (callId: string) => void): boolean {
  const [, errand, text] = /^#(answer|dial)=(.*)$/u.exec(hash) ?? [];
  if (errand === undefined || text === undefined) return false;
  window.history.replaceState(null, '', '#dial');
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  if (errand === 'answer') answer(safeDecode(text));
  else {
    const number = numberOfLink(safeDecode(text));
    if (number !== undefined) wantNumber(number);
  }
  return true;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly targetURL?: string }) => void): void;
}

/** From the address, from the worker, and from an installed app that was opened again. */
export function listenForErrands(phone: Phone): void {
  const answer = (callId: string): void =>
    answerWhenKnown(phone, callId, (ms, run) => window.setTimeout(run, ms));
  const look = (): void => void runErrand(window.location.hash, answer);
  window.addEventListener('hashchange', look);
  look();
  if ('serviceWorker' in navigator) {
    navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<ToWindow>) => {
      switch (data.kind) {
        case 'answer':
          return answer(data.callId);
        case 'open':
          return openPage(data.page);
      }
    });
    navigator.serviceWorker.startMessages();
  }
  const { launchQueue } = window as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ targetURL }) => {
    if (targetURL === undefined) return;
    const { hash } = new URL(targetURL);
    // The window that is open stays as it is: what its shortcut says is opened in it.
    const page = hash.slice(1);
    if (!runErrand(hash, answer) && isPage(page)) openPage(page);
  });
}
