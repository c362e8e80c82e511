import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
import classes from './DataTable.module.css';
import type { ListChange, ListView } from './list-view.ts';

export interface TableToolbarProps {
  readonly view: ListView;
  readonly onView: (change: ListChange) => void;
  readonly searchLabel: string | undefined;
  readonly filters: ReactNode;
  readonly tools: ReactNode;
  readonly hidden: boolean;
}

const TYPING_MS = 250;

export function TableToolbar({ view, onView, searchLabel, filters, tools, hidden }: TableToolbarProps) {
  if (hidden || (searchLabel === undefined && filters === undefined && tools === undefined)) return null;
  return (
    <div className={classes['toolbar']}>
      {searchLabel === undefined ? null : (
        <SearchField label={searchLabel} value={view.search} onSearch={(search) => onView({ search })} />
      )}
      {filters === undefined ? null : <div className={classes['filters']}>{filters}</div>}
      {tools === undefined ? null : <div className={classes['tools']}>{tools}</div>}
    </div>
  );
}

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

/** Asks when the typing pauses. */
function SearchField({ label, value, onSearch }: SearchFieldProps) {
  const { t } = useWords();
  const [text, setText] = useState(value);
  const asked = useRef(value);
  const search = useDebouncedCallback((wanted: string) => {
    asked.current = wanted;
    onSearch(wanted);
  }, TYPING_MS);
  // The address may change by itself: back, a link to this page.
  useEffect(() => {
    if (value === asked.current) return;
    asked.current = value;
    setText(value);
  }, [value]);
  const change = (wanted: string): void => {
    setText(wanted);
    search(wanted.trim());
  };
  return (
    <TextInput
      className={classes['search'] ?? ''}
      size="sm"
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      rightSection={
        text === '' ? null : (
          <CloseButton size="sm" aria-label={t('shared.list.clearSearch')} onClick={() => change('')} />
        )
      }
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
