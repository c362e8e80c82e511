import { useRef, useState, type RefObject } from 'react';
import { usePart, type Part } from './use-part.ts';

export interface PopoverPart<T> {
  /** Absent until it was pressed, or loaded in an idle moment. */
  readonly loaded: T | undefined;
  readonly opened: boolean;
  /** Of the button that opens it. */
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly press: () => void;
  readonly close: () => void;
}

/** A popover whose program is loaded at the first press. */
export function usePopoverPart<T>(wanted: Part<T>): PopoverPart<T> {
  const { loaded, ask } = usePart(wanted);
  const [opened, setOpened] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const press = async (): Promise<void> => {
    if (loaded !== undefined) {
      setOpened((open) => !open);
    } else if (await ask()) {
      // The popover gives the focus back to where it was when it opened: to the new button, as the old one is gone.
      button.current?.focus();
      setOpened(true);
    }
  };
  return { loaded, opened, button, press: () => void press(), close: () => setOpened(false) };
}
