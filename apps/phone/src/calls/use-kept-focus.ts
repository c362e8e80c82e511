import type { CallService } from '@offhook/contract';
import { useLayoutEffect, useRef, type FocusEvent, type RefObject } from 'react';
import { focusSearchField } from '../dial/search-field.ts';

/**
 * Where the focus goes when its button is no longer there, best first. Never to one that ends the call: a key held a
 * moment too long must not do that.
 */
const successors: readonly CallService[] = ['mute', 'retrieve', 'alternate', 'hold', 'dtmf', 'pull'];

const endsTheCall: ReadonlySet<string> = new Set<CallService>(['hangUp', 'reject']);

/** The control that is the other half of one that went. What a button opened closes into that button: it has its name. */
const counterparts: Partial<Record<CallService, CallService>> = {
  hold: 'retrieve',
  retrieve: 'hold',
};

export interface KeptFocus {
  readonly ref: RefObject<HTMLElement | null>;
  readonly onFocus: (event: FocusEvent) => void;
  readonly onBlur: () => void;
}

/**
 * A call's buttons come and go with its state. Whoever works with the keyboard stays in the call while it lasts, and
 * is back at the search field when it is over.
 *
 * Buttons tell their service in `data-service`.
 */
export function useKeptFocus(ended: boolean): KeptFocus {
  const ref = useRef<HTMLElement>(null);
  // React is silent about the focus that its own changes take away: what is noted here is where the person was.
  const focused = useRef<{ readonly service: string | undefined }>(undefined);

  useLayoutEffect(() => {
    if (ended || focused.current === undefined || !isFocusLost()) return;
    successorIn(ref.current, focused.current.service)?.focus();
  });
  useLayoutEffect(() => {
    if (ended && focused.current !== undefined) focusSearchField();
  }, [ended]);
  useLayoutEffect(
    () => () => {
      if (focused.current !== undefined) focusSearchField();
    },
    [],
  );
  return {
    ref,
    onFocus: ({ target }) => {
      const button = target.closest<HTMLElement>('[data-service]');
      focused.current = { service: button?.dataset['service'] };
    },
    onBlur: () => {
      focused.current = undefined;
    },
  };
}

function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function successorIn(card: HTMLElement | null, service: string | undefined): HTMLElement | null {
  if (card === null) return null;
  const counterpart = counterparts[service as CallService];
  const same = service === undefined || endsTheCall.has(service) ? undefined : service;
  for (const one of [same, counterpart, ...successors]) {
    const button = one && card.querySelector<HTMLElement>(`button[data-service="${one}"]`);
    if (button) return button;
  }
  return card;
}
