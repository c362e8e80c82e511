import { UnstyledButton } from '@mantine/core';
import { useRef } from 'react';
import classes from './DialKeys.module.css';

/** As on every telephone (ITU-T E.161). */
const keys = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
] as const;

const LONG_PRESS_MS = 500;

export function isKey(text: string): boolean {
  return keys.some(([key]) => key === text);
}

export interface DialKeysProps {
  readonly onPress: (key: string) => void;
  /** Where a long press on 0 means something. */
  readonly onLongZero?: () => void;
  readonly label?: string;
}

export function DialKeys({ onPress, onLongZero, label }: DialKeysProps) {
  const timer = useRef<number>(undefined);
  const wasLong = useRef(false);
  const down = (key: string): void => {
    wasLong.current = false;
    if (key !== '0' || onLongZero === undefined) return;
    timer.current = window.setTimeout(() => {
      wasLong.current = true;
      onLongZero();
    }, LONG_PRESS_MS);
  };
  const up = (): void => window.clearTimeout(timer.current);
  return (
    <div className={classes['keys']} role="group" aria-label={label}>
      {keys.map(([key, letters]) => (
        <UnstyledButton
          key={key}
          className={classes['key']}
          aria-label={key}
          onPointerDown={() => down(key)}
          onPointerUp={up}
          onPointerLeave={up}
          onClick={() => {
            if (!wasLong.current) onPress(key);
            wasLong.current = false;
          }}
        >
          <span className={classes['digit']} aria-hidden="true" data-sign={/[*#]/u.test(key) || undefined}>
            {key}
          </span>
          {/* Drawn, not said: a key is called by its digit. */}
          <span
            className={classes['letters']}
            data-letters={letters === '+' && onLongZero === undefined ? '' : letters}
          />
        </UnstyledButton>
      ))}
    </div>
  );
}
