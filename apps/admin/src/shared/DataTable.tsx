import { Skeleton } from '@mantine/core';
import { IconSearchOff } from '@tabler/icons-react';
import type { MouseEvent, ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { BulkBar } from './BulkBar.tsx';
import classes from './DataTable.module.css';
import { EmptyState } from './EmptyState.tsx';
import type { ListChange, ListView } from './list-view.ts';
import { ProblemNote } from './ProblemNote.tsx';
import { SelectBox, type Selection } from './selection.tsx';
import { SortHeader } from './SortHeader.tsx';
import { TableFooter } from './TableFooter.tsx';
import { TableToolbar } from './TableToolbar.tsx';

export interface DataColumn<Row> {
  /** Also the name that the service sorts by. */
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  readonly sortable?: boolean;
  readonly align?: 'end';
  /** CSS width. */
  readonly width?: string;
  /** On a narrow screen a row is a card: `head` stands at its top without a title, `hidden` is left out. */
  readonly narrow?: 'head' | 'hidden';
}

export interface DataTableProps<Row> {
  /** What the list holds, for screen readers. */
  readonly label: string;
  readonly columns: readonly DataColumn<Row>[];
  /** `undefined` until the first answer. */
  readonly rows: readonly Row[] | undefined;
  readonly total: number | undefined;
  readonly rowId: (row: Row) => string;
  /** What a row is called, for its checkbox. */
  readonly rowName: (row: Row) => string;
  /** Absent: one list without search, order and pages. */
  readonly view?: ListView;
  readonly onView?: (change: ListChange) => void;
  readonly problem?: unknown;
  readonly onRetry?: () => void;
  /** Newer rows are under way; the older ones are still shown. */
  readonly refreshing?: boolean;
  /** The search field's label; absent: no search. */
  readonly searchLabel?: string;
  readonly filters?: ReactNode;
  /** Right of search and filters. */
  readonly tools?: ReactNode;
  /** What stands here as long as there is nothing at all. */
  readonly empty: ReactNode;
  readonly selection?: Selection;
  /** What can be done with what is selected. */
  readonly bulk?: ReactNode;
  /** Within a panel that has an edge of its own. */
  readonly inset?: boolean;
  /** A click anywhere in the row; the row's head has a link of its own for the keyboard. */
  readonly onOpen?: (row: Row) => void;
}

/** A list of anything: searched, sorted, filtered and paged by the service; cards where the screen is narrow. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, total, view, onView, problem, onRetry, selection } = props;
  const { t } = useWords();
  const filtered = view !== undefined && (view.search !== '' || Object.keys(view.filters).length > 0);
  const nothing = rows !== undefined && rows.length === 0;
  const failed = problem !== undefined && problem !== null;
  return (
    <div className={classes['frame']} data-inset={props.inset || undefined}>
      {view === undefined || onView === undefined ? null : (
        <TableToolbar
          view={view}
          onView={onView}
          searchLabel={props.searchLabel}
          filters={props.filters}
          tools={props.tools}
          hidden={nothing && !filtered && !failed}
        />
      )}
      {selection === undefined || selection.selected.size === 0 ? null : (
        <BulkBar count={selection.selected.size} onClear={() => selection.onChange(new Set())}>
          {props.bulk}
        </BulkBar>
      )}
      {failed ? (
        <div className={classes['problem']}>
          <ProblemNote problem={problem} {...(onRetry === undefined ? {} : { onRetry })} />
        </div>
      ) : null}
      {nothing && !failed ? (
        filtered ? (
          <EmptyState
            icon={IconSearchOff}
            title={t('shared.list.noneFound')}
            hint={t('shared.list.noneFound.hint')}
          />
        ) : (
          props.empty
        )
      ) : failed && rows === undefined ? null : (
        <table
          className={classes['table']}
          aria-label={label}
          aria-busy={rows === undefined || props.refreshing === true}
          data-stale={props.refreshing || undefined}
        >
          <thead>
            <tr>
              {selection === undefined ? null : (
                <th className={classes['select']} scope="col">
                  <SelectBox.All rows={rows ?? []} rowId={props.rowId} selection={selection} />
                </th>
              )}
              {columns.map((column) => (
                <SortHeader key={column.id} column={column} view={view} onView={onView} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows === undefined ? (
              <LoadingRows columns={columns.length + (selection === undefined ? 0 : 1)} />
            ) : (
              rows.map((row) => <TableRow key={props.rowId(row)} row={row} table={props} />)
            )}
          </tbody>
        </table>
      )}
      {view === undefined || onView === undefined || total === undefined || nothing ? null : (
        <TableFooter view={view} onView={onView} total={total} />
      )}
    </div>
  );
}

interface TableRowProps<Row> {
  readonly row: Row;
  readonly table: DataTableProps<Row>;
}

function TableRow<Row>({ row, table }: TableRowProps<Row>) {
  const { columns, selection, onOpen, rowId, rowName } = table;
  const open = (event: MouseEvent<HTMLElement>): void => {
    const inside = (event.target as Element).closest(
      'a, button, input, label, [role="menu"], [role="dialog"]',
    );
    const marking = window.getSelection()?.toString() !== '';
    if (inside === null && !marking) onOpen?.(row);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- The link in the row is the keyboard's way.
    <tr
      onClick={onOpen === undefined ? undefined : open}
      data-opens={onOpen === undefined ? undefined : true}
      data-selected={selection?.selected.has(rowId(row)) === true || undefined}
    >
      {selection === undefined ? null : (
        <td className={classes['select']}>
          <SelectBox.One id={rowId(row)} name={rowName(row)} selection={selection} />
        </td>
      )}
      {columns.map((column) => (
        <td
          key={column.id}
          className={classes['cell']}
          data-align={column.align}
          data-narrow={column.narrow}
          data-title={column.title}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

const LOADING_ROWS = [62, 48, 70, 55, 66, 44] as const;

function LoadingRows({ columns }: { readonly columns: number }) {
  return LOADING_ROWS.map((width) => (
    <tr key={width} aria-hidden="true" className={classes['loading']}>
      {Array.from({ length: columns }, (_, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- Cells of a placeholder have nothing else.
        <td key={index}>
          <Skeleton height={12} radius="xl" width={`${width}%`} my={6} />
        </td>
      ))}
    </tr>
  ));
}
