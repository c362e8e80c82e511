import { ActionIcon, TextInput } from '@mantine/core';
import { IconBackspace, IconSearch } from '@tabler/icons-react';
import { useId, useState, type KeyboardEvent, type Ref } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { useWatched } from '../presence/use-watched.ts';
import { looksLikeNumber } from '../words/party.ts';
import classes from './DialPanel.module.css';
import { PersonOption } from './PersonOption.tsx';
import type { Suggestion } from './suggestion.ts';

export interface NumberFieldProps {
  readonly ref: Ref<HTMLInputElement>;
  readonly id?: string;
  readonly label: string;
  /** The list pushes what follows down, instead of lying over it. */
  readonly inline?: boolean;
  readonly text: string;
  readonly entries: readonly Suggestion[];
  readonly onChange: (text: string) => void;
  readonly onChoose: (entry: Suggestion) => void;
  /** Enter, where no suggestion is marked. */
  readonly onSubmit: () => void;
  /** Escape, where no list is open; the text goes where absent. */
  readonly onEscape?: () => void;
}

/** A combobox with a listbox (WAI-ARIA Authoring Practices): the field keeps the focus, the arrows mark. */
export function NumberField(props: NumberFieldProps) {
  const { ref, id, label, inline = false, text, entries, onChange, onChoose, onSubmit, onEscape } = props;
  const { t } = useWords();
  const listId = useId();
  const [marked, setMarked] = useState<number>();
  const [open, setOpen] = useState(false);
  const shown = open && entries.length > 0;
  useWatched(shown ? entries.flatMap(({ userId }) => userId ?? []) : []);
  const optionId = (at: number): string => `${listId}-${at}`;

  const close = (): void => {
    setOpen(false);
    setMarked(undefined);
  };
  const choose = (entry: Suggestion): void => {
    close();
    onChoose(entry);
  };
  const move = (step: 1 | -1): void => {
    setOpen(true);
    const from = marked ?? (step === 1 ? -1 : entries.length);
    if (entries.length > 0) setMarked((from + step + entries.length) % entries.length);
  };
  const keyDown = (event: KeyboardEvent): void => {
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        event.preventDefault();
        move(event.key === 'ArrowDown' ? 1 : -1);
        return;
      case 'Enter': {
        event.preventDefault();
        const entry = shown && marked !== undefined ? entries[marked] : undefined;
        if (entry !== undefined) return choose(entry);
        close();
        return onSubmit();
      }
      case 'Escape':
        event.preventDefault();
        if (shown) close();
        else if (onEscape !== undefined) onEscape();
        else onChange('');
        return;
    }
  };
  return (
    <div className={classes['field']}>
      <TextInput
        ref={ref}
        id={id}
        size={inline ? 'md' : 'lg'}
        aria-label={label}
        placeholder={label}
        role="combobox"
        aria-expanded={shown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={shown && marked !== undefined ? optionId(marked) : undefined}
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="go"
        classNames={{ input: classes['input'] ?? '' }}
        leftSection={<IconSearch size={20} stroke={1.7} />}
        rightSection={
          text === '' ? null : <Erase onErase={() => onChange(eraseOne(text))} onClear={() => onChange('')} />
        }
        value={text}
        onChange={(event) => {
          onChange(event.currentTarget.value);
          setOpen(true);
          setMarked(undefined);
        }}
        onKeyDown={keyDown}
        onFocus={() => setOpen(true)}
        // Inline it would move the button that is being pressed away from under the pointer.
        onBlur={inline ? () => setMarked(undefined) : close}
      />
      <div
        id={listId}
        role="listbox"
        aria-label={t('dial.suggestions')}
        className={classes['list']}
        data-inline={inline || undefined}
        hidden={!shown}
      >
        {entries.map((entry, at) => (
          // The keyboard speaks to the field, as the pattern asks.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={entry.key}
            id={optionId(at)}
            role="option"
            aria-selected={at === marked}
            className={classes['option']}
            // The field keeps the focus: losing it would close the list before the click.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(entry)}
          >
            <PersonOption entry={entry} />
          </div>
        ))}
      </div>
    </div>
  );
}

/** Digits go one by one, as on a telephone; a name goes as a whole. */
function eraseOne(text: string): string {
  return looksLikeNumber(text) ? text.slice(0, -1) : '';
}

function Erase({ onErase, onClear }: { readonly onErase: () => void; readonly onClear: () => void }) {
  const { t } = useWords();
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={t('dial.erase')}
      onClick={onErase}
      onDoubleClick={onClear}
    >
      <IconBackspace size={20} stroke={1.6} />
    </ActionIcon>
  );
}
