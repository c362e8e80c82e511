import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';

/** Rows that are marked, over all pages, by their ids. */
export interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly onChange: (selected: ReadonlySet<string>) => void;
}

export function useSelection(): Selection {
  const [selected, onChange] = useState<ReadonlySet<string>>(new Set());
  return { selected, onChange };
}

function All<Row>({
  rows,
  rowId,
  selection,
}: {
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  readonly selection: Selection;
}) {
  const { t } = useWords();
  const ids = rows.map(rowId);
  const marked = ids.filter((id) => selection.selected.has(id)).length;
  const all = marked > 0 && marked === ids.length;
  return (
    <Checkbox
      aria-label={t('shared.list.selectAll')}
      checked={all}
      indeterminate={marked > 0 && !all}
      onChange={() => {
        const next = new Set(selection.selected);
        for (const id of ids) {
          if (all) next.delete(id);
          else next.add(id);
        }
        selection.onChange(next);
      }}
    />
  );
}

function One({
  id,
  name,
  selection,
}: {
  readonly id: string;
  readonly name: string;
  readonly selection: Selection;
}) {
  const { t } = useWords();
  return (
    <Checkbox
      aria-label={t('shared.list.select', { name })}
      checked={selection.selected.has(id)}
      onChange={() => {
        const next = new Set(selection.selected);
        if (!next.delete(id)) next.add(id);
        selection.onChange(next);
      }}
    />
  );
}

export const SelectBox = { All, One };
