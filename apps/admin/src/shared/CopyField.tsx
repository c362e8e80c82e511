import { Button, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useWords } from '../i18n/use-words.ts';
import { useCopied } from './use-copied.ts';
import classes from './CopyField.module.css';

export interface CopyFieldProps {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
  readonly onCopied?: () => void;
}

/** A value that people carry elsewhere: read-only, chosen whole by a click, copied by a button. */
export function CopyField({ label, value, description, onCopied }: CopyFieldProps) {
  const { t } = useWords();
  const { copied, copy } = useCopied(value, onCopied);
  return (
    <div className={classes['field']}>
      <TextInput
        className={classes['input'] ?? ''}
        classNames={{ input: classes['value'] ?? '' }}
        label={label}
        description={description}
        value={value}
        readOnly
        spellCheck={false}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button
        variant="default"
        size="md"
        leftSection={copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
        onClick={() => void copy()}
        aria-label={`${t(copied ? 'shared.copied' : 'shared.copy')}: ${label}`}
      >
        {t(copied ? 'shared.copied' : 'shared.copy')}
      </Button>
    </div>
  );
}
