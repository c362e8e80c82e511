import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { withQuery } from '../api/api.ts';
import { useWords } from '../i18n/use-words.ts';

export interface UsageExportsProps {
  readonly path: string;
  /** Empty: all months. */
  readonly month: string;
}

export function UsageExports({ path, month }: UsageExportsProps) {
  const { t } = useWords();
  return (['csv', 'json'] as const).map((format) => (
    <Button
      key={format}
      component="a"
      href={withQuery(path, { month, format })}
      download={`usage${month === '' ? '' : `-${month}`}.${format}`}
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden="true" />}
    >
      {t(`usage.export.${format}`)}
    </Button>
  ));
}
