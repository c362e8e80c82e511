import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export interface BlankProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly hint?: string;
  readonly action?: ReactNode;
}

/** What stands where there is nothing: an empty list, a failure with its way out. */
export function Blank({ icon, title, hint, action }: BlankProps) {
  return (
    <Stack align="center" gap={6} py={48} px="lg" ta="center">
      <Text c="dimmed" component="span" mb={4} style={{ lineHeight: 0 }}>
        {icon}
      </Text>
      <Text fw={600}>{title}</Text>
      {hint === undefined ? null : (
        <Text size="sm" c="dimmed" maw={320}>
          {hint}
        </Text>
      )}
      {action === undefined ? null : <div style={{ marginTop: 12 }}>{action}</div>}
    </Stack>
  );
}
