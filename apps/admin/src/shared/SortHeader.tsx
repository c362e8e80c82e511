import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import classes from './DataTable.module.css';
import type { ListChange, ListView } from './list-view.ts';

export interface SortHeaderProps {
  readonly column: {
    readonly id: string;
    readonly title: string;
    readonly sortable?: boolean;
    readonly align?: 'end';
    readonly width?: string;
  };
  readonly view: ListView | undefined;
  readonly onView: ((change: ListChange) => void) | undefined;
}

/** A column's head; where the service sorts by it, a button that turns the order round. */
export function SortHeader({ column, view, onView }: SortHeaderProps) {
  const { id, title, sortable = false, align, width } = column;
  const style = width === undefined ? {} : { style: { width } };
  if (!sortable || view === undefined || onView === undefined) {
    return (
      <th scope="col" data-align={align} {...style}>
        {title}
      </th>
    );
  }
  const sorted = view.sort === id;
  const Icon = !sorted ? IconArrowsSort : view.descending ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      data-align={align}
      aria-sort={!sorted ? 'none' : view.descending ? 'descending' : 'ascending'}
      {...style}
    >
      <button
        type="button"
        className={classes['sort']}
        data-sorted={sorted || undefined}
        onClick={() => onView({ sort: id, descending: sorted && !view.descending })}
      >
        {title}
        <Icon size={14} stroke={2} aria-hidden="true" />
      </button>
    </th>
  );
}
