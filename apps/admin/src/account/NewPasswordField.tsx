import { PasswordInput } from '@mantine/core';
import { PASSWORD_MIN_CHARS } from '@offhook/contract';
import { useId } from 'react';
import { useWords } from '../i18n/use-words.ts';
import classes from './NewPasswordField.module.css';
import { strengthOf, type Strength } from './strength.ts';

export interface NewPasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (password: string) => void;
  readonly error: string | undefined;
  /** What should not be in it. */
  readonly not?: readonly string[];
}

const filledOf: Readonly<Record<Strength, number>> = { short: 1, weak: 2, fair: 3, strong: 4 };

/** A password that is being chosen: it can be looked at, and a bar tells how hard it would be to guess. */
export function NewPasswordField({ label, value, onChange, error, not }: NewPasswordFieldProps) {
  const { t } = useWords();
  const id = useId();
  const strength = strengthOf(value, not);
  return (
    <div>
      <PasswordInput
        label={label}
        name="new-password"
        autoComplete="new-password"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
        aria-describedby={id}
        visibilityToggleButtonProps={{ 'aria-label': t('shared.reveal') }}
      />
      <div className={classes['strength']} data-strength={value === '' ? undefined : strength}>
        <span className={classes['bar']} aria-hidden="true">
          {[1, 2, 3, 4].map((part) => (
            <span key={part} data-filled={(value !== '' && part <= filledOf[strength]) || undefined} />
          ))}
        </span>
        <span className={classes['word']} role="status">
          {value === '' ? '' : t(`account.strength.${strength}`)}
        </span>
      </div>
      <p className={classes['hint']} id={id}>
        {t('account.strength.hint', { count: PASSWORD_MIN_CHARS })}
      </p>
    </div>
  );
}
