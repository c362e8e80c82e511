import type { Menu, MenuProps } from '@mantine/core';
import { cloneElement, useRef, useState, type ReactElement, type ReactNode, type Ref } from 'react';
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

  if (Loaded === undefined) {
    const onClick = async (): Promise<void> => {
      if (!(await ask())) return;
      // The menu gives the focus back to where it was when it opened: to the new button, as the old one is gone.
      button.current?.focus();
      setOpened(true);
    };
    return <Early target={target} onPress={() => void onClick()} />;
  }
  return (
    <Loaded {...place} radius="lg" shadow="lg" opened={opened} onChange={setOpened}>
      <Loaded.Target>{cloneElement(target, { ref: button })}</Loaded.Target>
      <Loaded.Dropdown>{children(Loaded)}</Loaded.Dropdown>
    </Loaded>
  );
}

/** The button before there is a menu. */
function Early({
  target,
  onPress,
}: {
  readonly target: ReactElement<TargetProps>;
  readonly onPress: () => void;
}) {
  return cloneElement(target, { onClick: onPress, 'aria-haspopup': 'menu', 'aria-expanded': false });
}
