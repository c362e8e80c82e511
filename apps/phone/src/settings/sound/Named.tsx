import { NativeSelect } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import classes from './SoundSettings.module.css';

interface NamedProps {
  readonly name: string;
  readonly htmlFor?: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A row: its name, what is set, and what tries it. */
export function Named({ name, htmlFor, action, children }: NamedProps) {
  return (
    <div className={classes['row']}>
      {htmlFor === undefined ? (
        <span className={classes['name']}>{name}</span>
      ) : (
        <label className={classes['name']} htmlFor={htmlFor}>
          {name}
        </label>
      )}
      <div className={classes['control']}>{children}</div>
      <div className={classes['action']}>{action}</div>
    </div>
  );
}

interface NamedSelectProps {
  readonly name: string;
  readonly value: string;
  readonly data: readonly { readonly value: string; readonly label: string }[];
  readonly disabled?: boolean;
  readonly action?: ReactNode;
  readonly onChange: (value: string) => void;
}

export function NamedSelect({ name, value, data, disabled = false, action, onChange }: NamedSelectProps) {
  const id = useId();
  return (
    <Named name={name} htmlFor={id} action={action}>
      <NativeSelect
        id={id}
        size="sm"
        value={value}
        data={[...data]}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Named>
  );
}
