import { Badge, Radio, Stack } from '@mantine/core';
import { useWords } from '../i18n/use-words.ts';
import classes from './WayChoice.module.css';

/** How somebody will sign in. */
export type Way = 'passkey' | 'password';
const ways = ['passkey', 'password'] as const satisfies readonly Way[];

export interface WayChoiceProps {
  readonly value: Way;
  readonly onChange: (way: Way) => void;
}

/** Whoever comes in for the first time chooses; a passkey is what we would take. */
export function WayChoice({ value, onChange }: WayChoiceProps) {
  const { t } = useWords();
  return (
    <Radio.Group
      label={t('account.way')}
      value={value}
      onChange={(chosen) => onChange(chosen === 'passkey' ? 'passkey' : 'password')}
    >
      <Stack gap="xs" mt={8}>
        {ways.map((way) => (
          <Radio
            key={way}
            value={way}
            classNames={{ body: classes['way'] ?? '', labelWrapper: classes['words'] ?? '' }}
            label={
              <span className={classes['name']}>
                {t(`account.way.${way}`)}
                {way === 'passkey' ? (
                  <Badge variant="light" size="sm" tt="none">
                    {t('account.way.recommended')}
                  </Badge>
                ) : null}
              </span>
            }
            description={t(`account.way.${way}.hint`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
