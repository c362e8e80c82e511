import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useRef, useState, type DragEvent } from 'react';
import { useWords } from '../i18n/use-words.ts';
import classes from './imports.module.css';

export interface FileDropProps {
  readonly disabled: boolean;
  readonly onFile: (file: File) => void;
}

/** A file is dropped here or chosen: one button for hands and keyboards, and a place to let go. */
export function FileDrop({ disabled, onFile }: FileDropProps) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drag = (event: DragEvent, isOver: boolean): void => {
    event.preventDefault();
    setOver(isOver && !disabled);
  };
  return (
    <>
      <button
        type="button"
        className={classes['drop']}
        data-over={over || undefined}
        disabled={disabled}
        onClick={() => input.current?.click()}
        onDragOver={(event) => drag(event, true)}
        onDragLeave={(event) => drag(event, false)}
        onDrop={(event) => {
          drag(event, false);
          const [file] = event.dataTransfer.files;
          if (file !== undefined && !disabled) onFile(file);
        }}
      >
        <IconFileSpreadsheet size={40} stroke={1.3} aria-hidden="true" />
        <span className={classes['dropTitle']}>{t('imports.drop')}</span>
        <span className={classes['dropHint']}>{t('imports.drop.hint')}</span>
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.txt,.tsv,.json,text/csv,text/plain,application/json"
        aria-label={t('imports.drop')}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file !== undefined) onFile(file);
        }}
      />
    </>
  );
}
