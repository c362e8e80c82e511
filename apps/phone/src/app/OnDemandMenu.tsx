import type { Menu, MenuProps } from '@mantine/core';
import {
  cloneElement,
  useEffect,
  useRef,
  useState,
  type ReactElement,
  type ReactNode,
  type Ref,
} from 'react';
import { parts } from './parts.ts';
import { usePart } from './use-part.ts';

type TargetProps = {
  readonly ref?: Ref<HTMLButtonElement>;
  readonly onClick?: () => void;
  readonly 'aria-haspopup'?: 'menu';
  readonly 'aria-expanded'?: boolean;
};

export interface OnDemandMenuProps extends Pick<MenuProps, 'position' | 'width'> {
  /** The button that opens it. Drawn alike before and after the menu's program is here. */
  readonly target: ReactElement<TargetProps>;
  /** The items, made of the parts of Mantine's `Menu`. */
  readonly children: (menu: typeof Menu) => ReactNode;
}

/** A menu whose program is loaded at the first press, or before it in an idle moment. */
export function OnDemandMenu({ target, children, ...place }: OnDemandMenuProps) {
  const { loaded: Loaded, ask } = usePart(parts.menu);
  const [opened, setOpened] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const [pressedEarly, setPressedEarly] = useState(false);

  // The menu gives the focus back to where it was when it opened: to the new button, as the old one is gone.
  useEffect(() => {
    if (Loaded === undefined || !pressedEarly) return;
    button.current?.focus();
    setOpened(true);
  }, [Loaded, pressedEarly]);

  if (Loaded === undefined) {
    const onClick = (): void => {
      setPressedEarly(true);
      void ask();
    };
    return cloneElement(target, { onClick, 'aria-haspopup': 'menu', 'aria-expanded': false });
  }
  return (
    <Loaded {...place} radius="lg" shadow="lg" opened={opened} onChange={setOpened}>
      <Loaded.Target>{cloneElement(target, { ref: button })}</Loaded.Target>
      <Loaded.Dropdown>{children(Loaded)}</Loaded.Dropdown>
    </Loaded>
  );
}
