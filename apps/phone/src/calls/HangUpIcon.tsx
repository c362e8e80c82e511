import { IconPhone } from '@tabler/icons-react';

/** The handset laid back on its hook. */
export function HangUpIcon({ size, stroke }: { readonly size: number; readonly stroke: number }) {
  return <IconPhone size={size} stroke={stroke} style={{ transform: 'rotate(135deg)' }} />;
}
