import { Blank } from '@offhook/ui';
import type { ComponentType, ReactNode } from 'react';

export interface EmptyStateProps {
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly title: string;
  readonly hint?: string;
  readonly action?: ReactNode;
}

/** Nothing is here yet: what would be, and how to begin. */
export function EmptyState({ icon: Icon, title, hint, action }: EmptyStateProps) {
  return (
    <Blank
      icon={<Icon size={40} stroke={1.4} />}
      title={title}
      {...(hint === undefined ? {} : { hint })}
      {...(action === undefined ? {} : { action })}
    />
  );
}
