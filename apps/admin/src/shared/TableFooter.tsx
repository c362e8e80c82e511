import { ActionIcon, NativeSelect } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import classes from './DataTable.module.css';
import { pageSizes, type ListChange, type ListView } from './list-view.ts';

export interface TableFooterProps {
  readonly view: ListView;
  readonly onView: (change: ListChange) => void;
  readonly total: number;
}

/** Which rows these are, of how many, and the way to the others. */
export function TableFooter({ view, onView, total }: TableFooterProps) {
  const { t } = useWords();
  const format = useFormat();
  const { page, pageSize } = view;
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const from = Math.min(total, (page - 1) * pageSize + 1);
  const to = Math.min(total, page * pageSize);
  return (
    <div className={classes['footer']}>
      <span role="status">
        {t('shared.list.range', {
          from: format.number(from),
          to: format.number(to),
          total: format.number(total),
        })}
      </span>
      <span className={classes['paging']}>
        {total <= pageSizes[0] ? null : (
          <NativeSelect
            size="xs"
            aria-label={t('shared.list.pageSize')}
            value={String(pageSize)}
            data={pageSizes.map((size) => ({
              value: String(size),
              label: t('shared.list.perPage', { size }),
            }))}
            onChange={(event) => onView({ pageSize: Number(event.currentTarget.value) })}
          />
        )}
        {pages === 1 ? null : (
          <>
            <ActionIcon
              variant="default"
              size={30}
              aria-label={t('shared.list.previous')}
              disabled={page <= 1}
              onClick={() => onView({ page: page - 1 })}
            >
              <IconChevronLeft size={18} />
            </ActionIcon>
            <span className={classes['page']}>
              {format.number(page)} / {format.number(pages)}
            </span>
            <ActionIcon
              variant="default"
              size={30}
              aria-label={t('shared.list.next')}
              disabled={page >= pages}
              onClick={() => onView({ page: page + 1 })}
            >
              <IconChevronRight size={18} />
            </ActionIcon>
          </>
        )}
      </span>
    </div>
  );
}
